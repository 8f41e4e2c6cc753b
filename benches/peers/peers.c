/* peers.c - hosts LV2 plug-ins and the kernels of kernels.c for `cargo xtask bench --peers`.
 *
 * An address is one of
 *   an LV2 URI     loaded through lilv (mono plug-ins are instantiated twice)
 *   builtin:NAME   a kernel from kernels.c (lower bounds, libebur128)
 *
 * The caller copies every block into and out of fixed buffers, as a DAW does; builtin:null costs exactly that.
 * Worker requests, atom ports, options and bounded block sizes are provided; no UI is attached. Worker requests are done
 * within the call, so that they are counted.
 */
#define _GNU_SOURCE
#include <lilv/lilv.h>
#include <lv2/atom/atom.h>
#include <lv2/atom/forge.h>
#include <lv2/buf-size/buf-size.h>
#include <lv2/log/log.h>
#include <lv2/options/options.h>
#include <lv2/parameters/parameters.h>
#include <lv2/state/state.h>
#include <lv2/urid/urid.h>
#include <lv2/worker/worker.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "kernels.h"
#include "peers.h"

#define MAXKV 400
#define ATOM_CAP 65536

static char last_error[512];
static bool fail(const char *f, ...) { va_list a; va_start(a, f); vsnprintf(last_error, sizeof last_error, f, a); va_end(a); return false; }
const char *peer_last_error(void) { return last_error; }

/* ------------------------------------------------------------------ LV2 features */
static char **g_uris; static uint32_t g_nuris;
static LV2_URID map_uri(LV2_URID_Map_Handle h, const char *u) {
  (void)h;
  for (uint32_t i = 0; i < g_nuris; i++) if (!strcmp(g_uris[i], u)) return i + 1;
  g_uris = realloc(g_uris, sizeof(char *) * (g_nuris + 1));
  g_uris[g_nuris] = strdup(u);
  return ++g_nuris;
}
static const char *unmap_uri(LV2_URID_Unmap_Handle h, LV2_URID u) { (void)h; return u && u <= g_nuris ? g_uris[u - 1] : NULL; }
static int lv2_vprintf(LV2_Log_Handle h, LV2_URID t, const char *f, va_list a) { (void)h; (void)t; return vfprintf(stderr, f, a); }
static int lv2_printf(LV2_Log_Handle h, LV2_URID t, const char *f, ...) { va_list a; va_start(a, f); int r = lv2_vprintf(h, t, f, a); va_end(a); return r; }
static LV2_URID_Map f_map = {NULL, map_uri};
static LV2_URID_Unmap f_unmap = {NULL, unmap_uri};
static LV2_Log_Log f_log = {NULL, lv2_printf, lv2_vprintf};
static LilvWorld *world;

typedef struct { uint32_t size; char data[4096]; } WorkItem;
typedef struct {
  LilvInstance *inst[2]; int ninst;
  float *ctl; uint32_t nports;
  const LilvPlugin *plugin;
  LV2_Atom_Sequence **atom_in, **atom_out; uint32_t nai, nao;
  float *extra; /* silence for surplus inputs, a sink for surplus outputs */
  int latport;
  const LV2_Worker_Interface *wif[2];
  LV2_Worker_Schedule sched[2];
  struct Lv2Side { void *unit; int idx; } side[2];
  WorkItem q[2][16]; int nq[2]; long works;
  LV2_Options_Option opts[8]; int32_t optv[4]; float optf;
  bool msgs_pending;
  int msgk[8], msgv[8], nmsg;
} Lv2;

typedef struct Unit {
  char uri[256];
  char key[MAXKV][24]; double val[MAXKV]; int nkv;
  Lv2 *lv2; Kernel *k; void *kst;
  float *buffers[4];
} Unit;

static LV2_Worker_Status schedule_work(LV2_Worker_Schedule_Handle h, uint32_t size, const void *data) {
  struct Lv2Side *s = h; Lv2 *p = s->unit;
  if (p->nq[s->idx] >= 16 || size > 4096) return LV2_WORKER_ERR_NO_SPACE;
  WorkItem *w = &p->q[s->idx][p->nq[s->idx]++];
  w->size = size; memcpy(w->data, data, size);
  return LV2_WORKER_SUCCESS;
}
static LV2_Worker_Status respond(LV2_Worker_Respond_Handle h, uint32_t size, const void *data) {
  struct Lv2Side *s = h; Lv2 *p = s->unit;
  if (p->wif[s->idx]->work_response) p->wif[s->idx]->work_response(lilv_instance_get_handle(p->inst[s->idx]), size, data);
  return LV2_WORKER_SUCCESS;
}
static void do_work(Lv2 *p, int i) {
  int n = p->nq[i]; p->nq[i] = 0;
  for (int k = 0; k < n; k++) { WorkItem w = p->q[i][k]; p->works++; if (p->wif[i]) p->wif[i]->work(lilv_instance_get_handle(p->inst[i]), respond, &p->side[i], w.size, w.data); }
  if (p->wif[i] && p->wif[i]->end_run) p->wif[i]->end_run(lilv_instance_get_handle(p->inst[i]));
}


static LV2_URID urid_sequence, urid_chunk; /* looked up once: this runs inside the timed loop */
static void reset_atoms(Lv2 *p) {
  if (!urid_sequence) { urid_sequence = map_uri(NULL, LV2_ATOM__Sequence); urid_chunk = map_uri(NULL, LV2_ATOM__Chunk); }
  for (uint32_t i = 0; i < p->nai; i++) { p->atom_in[i]->atom.size = sizeof(LV2_Atom_Sequence_Body); p->atom_in[i]->atom.type = urid_sequence; p->atom_in[i]->body.unit = 0; p->atom_in[i]->body.pad = 0; }
  for (uint32_t i = 0; i < p->nao; i++) { p->atom_out[i]->atom.size = ATOM_CAP - sizeof(LV2_Atom); p->atom_out[i]->atom.type = urid_chunk; }
}
/* x42 meters take their switches as atoms: "msg:K=V" in a job becomes {meters#metercfg, cckey K, ccval V} */
static void send_msgs(Lv2 *p) {
  const char *M = "http://gareus.org/oss/lv2/meters#"; char b[128];
  LV2_Atom_Forge f; lv2_atom_forge_init(&f, &f_map);
  lv2_atom_forge_set_buffer(&f, (uint8_t *)p->atom_in[0], ATOM_CAP);
  LV2_Atom_Forge_Frame fs, fo; lv2_atom_forge_sequence_head(&f, &fs, 0);
  for (int i = 0; i < p->nmsg; i++) {
    lv2_atom_forge_frame_time(&f, 0);
    snprintf(b, sizeof b, "%s%s", M, "metercfg"); lv2_atom_forge_object(&f, &fo, 1, map_uri(NULL, b));
    snprintf(b, sizeof b, "%s%s", M, "controlkey"); lv2_atom_forge_key(&f, map_uri(NULL, b)); lv2_atom_forge_int(&f, p->msgk[i]);
    snprintf(b, sizeof b, "%s%s", M, "controlval"); lv2_atom_forge_key(&f, map_uri(NULL, b)); lv2_atom_forge_float(&f, (float)p->msgv[i]);
    lv2_atom_forge_pop(&f, &fo);
  }
  lv2_atom_forge_pop(&f, &fs);
}

static LilvNode *N(const char *u) { return lilv_new_uri(world, u); }
static const LilvPlugin *find(const char *uri) {
  if (!world) { world = lilv_world_new(); lilv_world_load_all(world); }
  LilvNode *u = N(uri); const LilvPlugin *p = lilv_plugins_get_by_uri(lilv_world_get_all_plugins(world), u); lilv_node_free(u);
  return p;
}

static bool lv2_open(Unit *u, double rate, uint32_t block, float *il, float *ir, float *ol, float *or_) {
  const LilvPlugin *pl = find(u->uri);
  if (!pl) { return fail("%s is not installed", u->uri); }
  Lv2 *p = u->lv2 = calloc(1, sizeof *p);
  p->plugin = pl; p->nports = lilv_plugin_get_num_ports(pl); p->latport = -1;
  p->ctl = calloc(p->nports, sizeof(float));
  float *mn = calloc(p->nports, 4), *mx = calloc(p->nports, 4), *df = calloc(p->nports, 4);
  lilv_plugin_get_port_ranges_float(pl, mn, mx, df);
  p->extra = calloc(block * 2, sizeof(float));
  p->atom_in = calloc(p->nports, sizeof(void *)); p->atom_out = calloc(p->nports, sizeof(void *));
  p->optv[0] = 1; p->optv[1] = (int32_t)block; p->optv[2] = (int32_t)block; p->optv[3] = ATOM_CAP; p->optf = (float)rate;
  const char *ok[] = {LV2_BUF_SIZE__minBlockLength, LV2_BUF_SIZE__maxBlockLength, LV2_BUF_SIZE__nominalBlockLength, LV2_BUF_SIZE__sequenceSize};
  LV2_URID ti = map_uri(NULL, LV2_ATOM__Int), tf = map_uri(NULL, LV2_ATOM__Float);
  for (int i = 0; i < 4; i++) p->opts[i] = (LV2_Options_Option){LV2_OPTIONS_INSTANCE, 0, map_uri(NULL, ok[i]), 4, ti, &p->optv[i]};
  p->opts[4] = (LV2_Options_Option){LV2_OPTIONS_INSTANCE, 0, map_uri(NULL, LV2_PARAMETERS__sampleRate), 4, tf, &p->optf};
  int nin = 0, nout = 0;
  LilvNode *cA = N(LV2_CORE__AudioPort), *cC = N(LV2_CORE__ControlPort), *cI = N(LV2_CORE__InputPort), *cAt = N(LV2_ATOM__AtomPort), *cV = N(LV2_CORE__CVPort), *lat = N(LV2_CORE__reportsLatency);
  for (uint32_t i = 0; i < p->nports; i++) { const LilvPort *q = lilv_plugin_get_port_by_index(pl, i); if (lilv_port_is_a(pl, q, cA)) { if (lilv_port_is_a(pl, q, cI)) nin++; else nout++; } }
  p->ninst = (nin == 1 && nout == 1) ? 2 : 1;
  if (nin < 1 || nout < 1) { return fail("%s has no audio", u->uri); }
  char known[MAXKV] = {0};
  for (int s = 0; s < p->ninst; s++) {
    p->side[s].unit = p; p->side[s].idx = s;
    p->sched[s] = (LV2_Worker_Schedule){&p->side[s], schedule_work};
    LV2_Feature fm = {LV2_URID__map, &f_map}, fu = {LV2_URID__unmap, &f_unmap}, fo = {LV2_OPTIONS__options, p->opts}, fb = {LV2_BUF_SIZE__boundedBlockLength, NULL}, ff = {LV2_BUF_SIZE__fixedBlockLength, NULL}, fp = {LV2_BUF_SIZE__powerOf2BlockLength, NULL}, fw = {LV2_WORKER__schedule, &p->sched[s]}, fl = {LV2_LOG__log, &f_log}, fd = {LV2_STATE__loadDefaultState, NULL};
    const LV2_Feature *const feats[] = {&fm, &fu, &fo, &fb, &ff, &fp, &fw, &fl, &fd, NULL};
    p->inst[s] = lilv_plugin_instantiate(pl, rate, feats);
    if (!p->inst[s]) { return fail("%s does not instantiate", u->uri); }
    p->wif[s] = lilv_instance_get_extension_data(p->inst[s], LV2_WORKER__interface);
    int ai = 0, ao = 0; uint32_t nai = 0, nao = 0;
    for (uint32_t i = 0; i < p->nports; i++) {
      const LilvPort *q = lilv_plugin_get_port_by_index(pl, i);
      const char *sym = lilv_node_as_string(lilv_port_get_symbol(pl, q));
      bool in = lilv_port_is_a(pl, q, cI); void *buf = NULL;
      if (lilv_port_is_a(pl, q, cA) || lilv_port_is_a(pl, q, cV)) {
        bool aud = lilv_port_is_a(pl, q, cA);
        if (!aud) buf = p->extra;
        else if (p->ninst == 2) buf = in ? (s ? ir : il) : (s ? or_ : ol);
        else if (in) { buf = ai == 0 ? il : ai == 1 ? ir : p->extra; ai++; }
        else { buf = ao == 0 ? ol : ao == 1 ? or_ : p->extra + block; ao++; }
      } else if (lilv_port_is_a(pl, q, cC)) {
        buf = &p->ctl[i];
        if (in) {
          if (s == 0) p->ctl[i] = isfinite(df[i]) ? df[i] : 0;
          for (int k = 0; k < u->nkv; k++) if (!strcmp(u->key[k], sym)) {
            known[k] = 1;
            if (u->val[k] < mn[i] - 1e-6 * fabs(mn[i]) - 1e-9 || u->val[k] > mx[i] * (1 + 1e-6)) return fail("%s: %s=%g is outside [%g, %g]", u->uri, sym, u->val[k], mn[i], mx[i]);
            p->ctl[i] = (float)u->val[k];
          }
        } else if (lilv_port_has_property(pl, q, lat) || (p->latport < 0 && strstr(sym, "latency"))) p->latport = (int)i;
      } else if (lilv_port_is_a(pl, q, cAt)) {
        LV2_Atom_Sequence *b = calloc(1, ATOM_CAP + 64); buf = b;
        if (in) { p->atom_in[nai++] = b; p->nai = nai > p->nai ? nai : p->nai; } else { p->atom_out[nao++] = b; p->nao = nao > p->nao ? nao : p->nao; }
      }
      lilv_instance_connect_port(p->inst[s], i, buf);
    }
  }
  for (int k = 0; k < u->nkv; k++) {
    if (!strncmp(u->key[k], "msg:", 4)) { p->msgk[p->nmsg] = atoi(u->key[k] + 4); p->msgv[p->nmsg++] = (int)u->val[k]; p->msgs_pending = true; }
    else if (!known[k]) return fail("%s has no control input '%s'", u->uri, u->key[k]);
  }
  reset_atoms(p);
  for (int s = 0; s < p->ninst; s++) lilv_instance_activate(p->inst[s]);
  free(mn); free(mx); free(df);
  return true;
}
static inline void lv2_run(Lv2 *p, uint32_t n) {
  if (p->nai | p->nao) { reset_atoms(p); if (p->msgs_pending) { p->msgs_pending = false; send_msgs(p); } }
  for (int s = 0; s < p->ninst; s++) { lilv_instance_run(p->inst[s], n); if (p->nq[s]) do_work(p, s); }
}

void *peer_open(const char *address, double rate, uint32_t block, const char *const *symbols, const double *values, uint32_t count) {
  Unit *u = calloc(1, sizeof *u);
  snprintf(u->uri, sizeof u->uri, "%s", address);
  if (count > MAXKV) { fail("too many settings"); return NULL; }
  for (uint32_t i = 0; i < count; i++) { snprintf(u->key[i], sizeof u->key[i], "%s", symbols[i]); u->val[i] = values[i]; }
  u->nkv = (int)count;
  for (int i = 0; i < 4; i++) {
    void *p; if (posix_memalign(&p, 64, PEER_MAX_BLOCK * sizeof(float))) { fail("no memory"); return NULL; }
    u->buffers[i] = memset(p, 0, PEER_MAX_BLOCK * sizeof(float));
  }
  if (!strncmp(address, "builtin:", 8)) {
    u->k = kernel_find(address + 8);
    if (!u->k) { fail("there is no %s", address); return NULL; }
    u->kst = u->k->open(rate, block);
    return u->kst ? u : NULL;
  }
  return lv2_open(u, rate, block, u->buffers[0], u->buffers[1], u->buffers[2], u->buffers[3]) ? u : NULL;
}
float **peer_buffers(void *peer) { return ((Unit *)peer)->buffers; }
void peer_run(void *peer, uint32_t frames) {
  Unit *u = peer;
  if (u->lv2) lv2_run(u->lv2, frames);
  else u->k->run(u->kst, u->buffers[0], u->buffers[1], u->buffers[2], u->buffers[3], frames);
}
