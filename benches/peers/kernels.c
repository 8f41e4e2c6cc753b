/* Lower bounds ("what the machine can do") and libebur128, behind the Kernel interface.
 * gcc -O3 -march=x86-64-v3; the filter coefficients are real (an 8-band EQ), so outputs are meaningful. */
#include "kernels.h"
#include <ebur128.h>
#include <immintrin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void *alloc64(size_t n) { void *p = NULL; if (posix_memalign(&p, 64, n)) return NULL; memset(p, 0, n); return p; }

/* ---- null: nothing but the host's two block copies, plus this in-to-out copy */
static void *open_nop(double r, uint32_t b) { (void)r; (void)b; return malloc(1); }
static void run_null(void *s, const float *il, const float *ir, float *ol, float *or_, uint32_t n) { (void)s; memcpy(ol, il, n * 4); memcpy(or_, ir, n * 4); }

/* ---- the 8 bands (RBJ): HP 30, LS 100 +3, PK 250 -2, PK 800 +2, PK 2500 -3, PK 6000 +2, HS 8000 +3, LP 18000 */
typedef struct { double b0, b1, b2, a1, a2; } Bq;
static Bq rbj(int type, double f, double q, double g, double fs) {
  double A = pow(10, g / 40), w = 2 * M_PI * f / fs, c = cos(w), s = sin(w), al = s / (2 * q), sq = 2 * sqrt(A) * al, b0, b1, b2, a0, a1, a2;
  switch (type) {
    case 0: b0 = (1 + c) / 2; b1 = -(1 + c); b2 = b0; a0 = 1 + al; a1 = -2 * c; a2 = 1 - al; break;
    case 1: b0 = (1 - c) / 2; b1 = 1 - c; b2 = b0; a0 = 1 + al; a1 = -2 * c; a2 = 1 - al; break;
    case 2: b0 = 1 + al * A; b1 = -2 * c; b2 = 1 - al * A; a0 = 1 + al / A; a1 = -2 * c; a2 = 1 - al / A; break;
    case 3: b0 = A * (A + 1 - (A - 1) * c + sq); b1 = 2 * A * (A - 1 - (A + 1) * c); b2 = A * (A + 1 - (A - 1) * c - sq); a0 = A + 1 + (A - 1) * c + sq; a1 = -2 * (A - 1 + (A + 1) * c); a2 = A + 1 + (A - 1) * c - sq; break;
    default: b0 = A * (A + 1 + (A - 1) * c + sq); b1 = -2 * A * (A - 1 + (A + 1) * c); b2 = A * (A + 1 + (A - 1) * c - sq); a0 = A + 1 - (A - 1) * c + sq; a1 = 2 * (A - 1 - (A + 1) * c); a2 = A + 1 - (A - 1) * c - sq;
  }
  return (Bq){b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}
static void bands(Bq *b, double fs) {
  b[0] = rbj(0, 30, .7071, 0, fs); b[1] = rbj(3, 100, .7071, 3, fs); b[2] = rbj(2, 250, 1, -2, fs); b[3] = rbj(2, 800, 1, 2, fs);
  b[4] = rbj(2, 2500, 1, -3, fs); b[5] = rbj(2, 6000, 1, 2, fs); b[6] = rbj(4, 8000, .7071, 3, fs); b[7] = rbj(1, 18000, .7071, 0, fs);
}
/* any biquad is y = d x + c.s, s' = M s + v x; TDF2's s1' = (b1 - a1 b0) x - a1 s1 + s2, s2' = (b2 - a2 b0) x - a2 s1 */

/* (a) plain: 8 x TDF2, f64, one SSE2 register per stereo pair, sample by sample */
typedef struct { Bq b[8]; __m128d s1[8], s2[8]; } Plain64;
static void *open_plain64(double fs, uint32_t n) { (void)n; Plain64 *p = alloc64(sizeof *p); bands(p->b, fs); return p; }
static void run_plain64(void *v, const float *il, const float *ir, float *ol, float *or_, uint32_t n) {
  Plain64 *p = v;
  for (uint32_t i = 0; i < n; i++) {
    __m128d x = _mm_set_pd(ir[i], il[i]);
    for (int k = 0; k < 8; k++) {
      __m128d y = _mm_fmadd_pd(_mm_set1_pd(p->b[k].b0), x, p->s1[k]);
      p->s1[k] = _mm_fmadd_pd(_mm_set1_pd(p->b[k].b1), x, _mm_fnmadd_pd(_mm_set1_pd(p->b[k].a1), y, p->s2[k]));
      p->s2[k] = _mm_fnmadd_pd(_mm_set1_pd(p->b[k].a2), y, _mm_mul_pd(_mm_set1_pd(p->b[k].b2), x));
      x = y;
    }
    ol[i] = (float)_mm_cvtsd_f64(x); or_[i] = (float)_mm_cvtsd_f64(_mm_unpackhi_pd(x, x));
  }
}
/* (b) stage-major: each band runs over the whole block before the next (f64, stereo in SSE2 lanes) */
static void run_stage64(void *v, const float *il, const float *ir, float *ol, float *or_, uint32_t n) {
  Plain64 *p = v; static __m128d t[4096];
  for (uint32_t i = 0; i < n; i++) t[i] = _mm_set_pd(ir[i], il[i]);
  for (int k = 0; k < 8; k++) {
    const __m128d b0 = _mm_set1_pd(p->b[k].b0), b1 = _mm_set1_pd(p->b[k].b1), b2 = _mm_set1_pd(p->b[k].b2), a1 = _mm_set1_pd(p->b[k].a1), a2 = _mm_set1_pd(p->b[k].a2);
    __m128d s1 = p->s1[k], s2 = p->s2[k];
    for (uint32_t i = 0; i < n; i++) { __m128d x = t[i], y = _mm_fmadd_pd(b0, x, s1); s1 = _mm_fmadd_pd(b1, x, _mm_fnmadd_pd(a1, y, s2)); s2 = _mm_fnmadd_pd(a2, y, _mm_mul_pd(b2, x)); t[i] = y; }
    p->s1[k] = s1; p->s2[k] = s2;
  }
  for (uint32_t i = 0; i < n; i++) { ol[i] = (float)_mm_cvtsd_f64(t[i]); or_[i] = (float)_mm_cvtsd_f64(_mm_unpackhi_pd(t[i], t[i])); }
}
/* (c) skewed wavefront, f64: lane pairs hold (L,R) of two bands; band k works on sample i-k, so all four
 * registers are independent within a step. 8 bands x 2 channels = 4 ymm. Ramp in/out at block edges is
 * avoided by keeping the pipeline full across blocks: the output is late by 7 samples (counted as latency). */
typedef struct { __m256d b0[4], b1[4], b2[4], a1[4], a2[4], s1[4], s2[4], y[4]; } Skew64;
static void *open_skew64(double fs, uint32_t n) {
  (void)n; Skew64 *p = alloc64(sizeof *p); Bq b[8]; bands(b, fs);
  for (int j = 0; j < 4; j++) { Bq l = b[2 * j], h = b[2 * j + 1];
#define P(f) p->f[j] = _mm256_set_pd(h.f, h.f, l.f, l.f)
    P(b0); P(b1); P(b2); P(a1); P(a2);
#undef P
  }
  return p;
}
static void run_skew64(void *v, const float *il, const float *ir, float *ol, float *or_, uint32_t n) {
  Skew64 *p = v;
  __m256d s1[4], s2[4], y[4]; for (int j = 0; j < 4; j++) { s1[j] = p->s1[j]; s2[j] = p->s2[j]; y[j] = p->y[j]; }
  for (uint32_t i = 0; i < n; i++) {
    __m256d in = _mm256_castpd128_pd256(_mm_cvtps_pd(_mm_unpacklo_ps(_mm_load_ss(il + i), _mm_load_ss(ir + i))));
    __m256d x[4]; /* x = (previous band's y of the step before): low pair from the register below's high pair */
    x[0] = _mm256_permute2f128_pd(in, y[0], 0x20);
    for (int j = 1; j < 4; j++) x[j] = _mm256_permute2f128_pd(y[j - 1], y[j], 0x21);
    for (int j = 0; j < 4; j++) {
      y[j] = _mm256_fmadd_pd(p->b0[j], x[j], s1[j]);
      __m256d t = _mm256_fmadd_pd(p->b1[j], x[j], s2[j]);
      s1[j] = _mm256_fnmadd_pd(p->a1[j], y[j], t);
      s2[j] = _mm256_fnmadd_pd(p->a2[j], y[j], _mm256_mul_pd(p->b2[j], x[j]));
    }
    __m128 o = _mm_cvtpd_ps(_mm256_extractf128_pd(y[3], 1));
    _mm_store_ss(ol + i, o); _mm_store_ss(or_ + i, _mm_shuffle_ps(o, o, 1));
  }
  for (int j = 0; j < 4; j++) { p->s1[j] = s1[j]; p->s2[j] = s2[j]; p->y[j] = y[j]; }
}
/* (d) the same in f32: one ymm per channel, lane k = band k (this is LSP's biquad_process_x8 layout, both channels at once) */
typedef struct { __m256 b0, b1, b2, a1, a2, s1[2], s2[2], y[2]; } Skew32;
static void *open_skew32(double fs, uint32_t n) {
  (void)n; Skew32 *p = alloc64(sizeof *p); Bq b[8]; bands(b, fs); float *q = (float *)&p->b0;
  for (int k = 0; k < 8; k++) { q[k] = b[k].b0; q[8 + k] = b[k].b1; q[16 + k] = b[k].b2; q[24 + k] = b[k].a1; q[32 + k] = b[k].a2; }
  return p;
}
static void run_skew32(void *v, const float *il, const float *ir, float *ol, float *or_, uint32_t n) {
  Skew32 *p = v; const __m256i rot = _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6);
  const __m256 b0 = p->b0, b1 = p->b1, b2 = p->b2, a1 = p->a1, a2 = p->a2;
  __m256 l1 = p->s1[0], l2 = p->s2[0], yl = p->y[0], r1 = p->s1[1], r2 = p->s2[1], yr = p->y[1];
  for (uint32_t i = 0; i < n; i++) {
    __m256 xl = _mm256_blend_ps(_mm256_permutevar8x32_ps(yl, rot), _mm256_castps128_ps256(_mm_load_ss(il + i)), 1);
    __m256 xr = _mm256_blend_ps(_mm256_permutevar8x32_ps(yr, rot), _mm256_castps128_ps256(_mm_load_ss(ir + i)), 1);
    yl = _mm256_fmadd_ps(b0, xl, l1); yr = _mm256_fmadd_ps(b0, xr, r1);
    l1 = _mm256_fnmadd_ps(a1, yl, _mm256_fmadd_ps(b1, xl, l2)); r1 = _mm256_fnmadd_ps(a1, yr, _mm256_fmadd_ps(b1, xr, r2));
    l2 = _mm256_fnmadd_ps(a2, yl, _mm256_mul_ps(b2, xl)); r2 = _mm256_fnmadd_ps(a2, yr, _mm256_mul_ps(b2, xr));
    ol[i] = _mm256_cvtss_f32(_mm256_permutevar8x32_ps(yl, rot)); or_[i] = _mm256_cvtss_f32(_mm256_permutevar8x32_ps(yr, rot));
  }
  p->s1[0] = l1; p->s2[0] = l2; p->y[0] = yl; p->s1[1] = r1; p->s2[1] = r2; p->y[1] = yr;
}
/* (e) TPT-SVF (zero-delay, modulation-safe) f64, skewed: state space y = d x + c1 s1 + c2 s2, s' = A s + B x (9 mul/fma) */
typedef struct { __m256d d[4], c1[4], c2[4], m11[4], m12[4], m21[4], m22[4], v1[4], v2[4], s1[4], s2[4], y[4]; } Svf64;
static void svf_ss(const Bq *q, double o[9]) {
  /* realise the biquad as a TPT SVF: g, k from the denominator, mix from the numerator */
  double a1 = q->a1, a2 = q->a2, gg = (1 + a1 + a2) / (1 - a1 + a2), g = sqrt(gg), k = (1 - a2) / (1 - a1 + a2) * 2 / g;
  double D = 1 / (1 + g * (g + k)), A1 = D, A2 = g * A1, A3 = g * A2;
  double e = 4 / (1 - a1 + a2), /* analogue numerator over (s^2 + k s + 1), s in units of g */
      n2 = (q->b0 - q->b1 + q->b2) * e / 4, n1 = (q->b0 - q->b2) * e / (2 * g), n0 = (q->b0 + q->b1 + q->b2) * e / (4 * gg);
  /* hp = x - k bp - lp ; y = n2 hp + n1 bp + n0 lp, v1 = bp = A1 s1 + A2 (x - s2), v2 = lp = s2 + A2 s1 + A3 (x - s2) */
  double m1 = n1 - n2 * k, m2 = n0 - n2;
  o[0] = n2 + m1 * A2 + m2 * A3; o[1] = m1 * A1 + m2 * A2; o[2] = -m1 * A2 + m2 * (1 - A3);
  o[3] = 2 * A1 - 1; o[4] = -2 * A2; o[5] = 2 * A2; o[6] = 1 - 2 * A3; o[7] = 2 * A2; o[8] = 2 * A3;
}
static void *open_svf64(double fs, uint32_t n) {
  (void)n; Svf64 *p = alloc64(sizeof *p); Bq b[8]; bands(b, fs);
  for (int j = 0; j < 4; j++) { double l[9], h[9]; svf_ss(&b[2 * j], l); svf_ss(&b[2 * j + 1], h);
    __m256d *f[9] = {&p->d[j], &p->c1[j], &p->c2[j], &p->m11[j], &p->m12[j], &p->m21[j], &p->m22[j], &p->v1[j], &p->v2[j]};
    for (int i = 0; i < 9; i++) *f[i] = _mm256_set_pd(h[i], h[i], l[i], l[i]); }
  return p;
}
static void run_svf64(void *v, const float *il, const float *ir, float *ol, float *or_, uint32_t n) {
  Svf64 *p = v; __m256d s1[4], s2[4], y[4]; for (int j = 0; j < 4; j++) { s1[j] = p->s1[j]; s2[j] = p->s2[j]; y[j] = p->y[j]; }
  for (uint32_t i = 0; i < n; i++) {
    __m256d in = _mm256_castpd128_pd256(_mm_cvtps_pd(_mm_unpacklo_ps(_mm_load_ss(il + i), _mm_load_ss(ir + i)))), x[4];
    x[0] = _mm256_permute2f128_pd(in, y[0], 0x20);
    for (int j = 1; j < 4; j++) x[j] = _mm256_permute2f128_pd(y[j - 1], y[j], 0x21);
    for (int j = 0; j < 4; j++) {
      y[j] = _mm256_fmadd_pd(p->d[j], x[j], _mm256_fmadd_pd(p->c1[j], s1[j], _mm256_mul_pd(p->c2[j], s2[j])));
      __m256d t1 = _mm256_fmadd_pd(p->m11[j], s1[j], _mm256_fmadd_pd(p->m12[j], s2[j], _mm256_mul_pd(p->v1[j], x[j])));
      s2[j] = _mm256_fmadd_pd(p->m21[j], s1[j], _mm256_fmadd_pd(p->m22[j], s2[j], _mm256_mul_pd(p->v2[j], x[j])));
      s1[j] = t1;
    }
    __m128 o = _mm_cvtpd_ps(_mm256_extractf128_pd(y[3], 1));
    _mm_store_ss(ol + i, o); _mm_store_ss(or_ + i, _mm_shuffle_ps(o, o, 1));
  }
  for (int j = 0; j < 4; j++) { p->s1[j] = s1[j]; p->s2[j] = s2[j]; p->y[j] = y[j]; }
}
/* (f) TPT-SVF f32, lane = band, both channels interleaved */
typedef struct { __m256 c[9], s1[2], s2[2], y[2]; } Svf32;
static void *open_svf32(double fs, uint32_t n) {
  (void)n; Svf32 *p = alloc64(sizeof *p); Bq b[8]; bands(b, fs);
  for (int k = 0; k < 8; k++) { double o[9]; svf_ss(&b[k], o); for (int i = 0; i < 9; i++) ((float *)&p->c[i])[k] = (float)o[i]; }
  return p;
}
static void run_svf32(void *v, const float *il, const float *ir, float *ol, float *or_, uint32_t n) {
  Svf32 *p = v; const __m256i rot = _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6);
  __m256 c[9]; for (int i = 0; i < 9; i++) c[i] = p->c[i];
  __m256 l1 = p->s1[0], l2 = p->s2[0], yl = p->y[0], r1 = p->s1[1], r2 = p->s2[1], yr = p->y[1];
#define STEP(x, y, s1, s2) { y = _mm256_fmadd_ps(c[1], s1, _mm256_fmadd_ps(c[2], s2, _mm256_mul_ps(c[0], x))); \
    __m256 t = _mm256_fmadd_ps(c[3], s1, _mm256_fmadd_ps(c[4], s2, _mm256_mul_ps(c[7], x))); \
    s2 = _mm256_fmadd_ps(c[5], s1, _mm256_fmadd_ps(c[6], s2, _mm256_mul_ps(c[8], x))); s1 = t; }
  for (uint32_t i = 0; i < n; i++) {
    __m256 xl = _mm256_blend_ps(_mm256_permutevar8x32_ps(yl, rot), _mm256_castps128_ps256(_mm_load_ss(il + i)), 1);
    __m256 xr = _mm256_blend_ps(_mm256_permutevar8x32_ps(yr, rot), _mm256_castps128_ps256(_mm_load_ss(ir + i)), 1);
    STEP(xl, yl, l1, l2) STEP(xr, yr, r1, r2)
    ol[i] = _mm256_cvtss_f32(_mm256_permutevar8x32_ps(yl, rot)); or_[i] = _mm256_cvtss_f32(_mm256_permutevar8x32_ps(yr, rot));
  }
  p->s1[0] = l1; p->s2[0] = l2; p->y[0] = yl; p->s1[1] = r1; p->s2[1] = r2; p->y[1] = yr;
}
/* ---- 4x true-peak interpolator, 48 taps in 4 phases of 12, stereo, running max of |y|; audio passes through */
typedef struct { float c[4][12]; float h[2][12 + 4096 + 64]; float pk[2]; } Tp;
static void *open_tp(double fs, uint32_t n) {
  (void)fs; (void)n; Tp *p = alloc64(sizeof *p);
  for (int i = 0; i < 48; i++) { double t = (i - 23.5) / 4, w = .5 + .5 * cos(M_PI * (i - 23.5) / 24.5); p->c[i & 3][i >> 2] = (float)(w * (t == 0 ? 1 : sin(M_PI * t) / (M_PI * t))); }
  for (int q = 0; q < 4; q++) { double s = 0; for (int t = 0; t < 12; t++) s += p->c[q][t]; for (int t = 0; t < 12; t++) p->c[q][t] /= (float)s; }
  return p;
}
static void run_tp(void *v, const float *il, const float *ir, float *ol, float *or_, uint32_t n) {
  Tp *p = v; const float *in[2] = {il, ir}; float *out[2] = {ol, or_}; const __m256 sgn = _mm256_set1_ps(-0.f);
  for (int ch = 0; ch < 2; ch++) {
    float *h = p->h[ch]; memcpy(h + 11, in[ch], n * 4); memset(h + 11 + n, 0, 64);
    __m256 m = _mm256_setzero_ps();
    for (uint32_t i = 0; i < n; i += 16) {
      __m256 a[8]; for (int j = 0; j < 8; j++) a[j] = _mm256_setzero_ps();
      for (int t = 0; t < 12; t++) {
        __m256 x0 = _mm256_loadu_ps(h + i + t), x1 = _mm256_loadu_ps(h + i + 8 + t);
        for (int q = 0; q < 4; q++) { __m256 c = _mm256_broadcast_ss(&p->c[q][11 - t]); a[q] = _mm256_fmadd_ps(c, x0, a[q]); a[4 + q] = _mm256_fmadd_ps(c, x1, a[4 + q]); }
      }
      for (int j = 0; j < 8; j++) m = _mm256_max_ps(m, _mm256_andnot_ps(sgn, a[j]));
    }
    float t[8]; _mm256_storeu_ps(t, m); for (int j = 0; j < 8; j++) p->pk[ch] = fmaxf(p->pk[ch], t[j]);
    memmove(h, h + n, 11 * 4); memcpy(out[ch], in[ch], n * 4);
  }
}

/* ---- compressor floor: linked power detector with one-pole smoothing, log2/exp2 polynomials on 8 frames, soft knee,
 * 4:1, branchless attack/release on the gain in the log domain (the only serial part) */
static inline __m256 log2_8(__m256 x) {
  __m256i i = _mm256_castps_si256(x); __m256 e = _mm256_cvtepi32_ps(_mm256_sub_epi32(_mm256_srli_epi32(i, 23), _mm256_set1_epi32(127)));
  __m256 m = _mm256_castsi256_ps(_mm256_or_si256(_mm256_and_si256(i, _mm256_set1_epi32(0x7fffff)), _mm256_set1_epi32(0x3f800000)));
  __m256 p = _mm256_set1_ps(-0.024982445f); p = _mm256_fmadd_ps(p, m, _mm256_set1_ps(0.26687193f)); p = _mm256_fmadd_ps(p, m, _mm256_set1_ps(-1.2328631f)); p = _mm256_fmadd_ps(p, m, _mm256_set1_ps(3.2188323f));
  p = _mm256_fmadd_ps(p, m, _mm256_set1_ps(-5.2641045f)); p = _mm256_fmadd_ps(p, m, _mm256_set1_ps(6.0658656f)); p = _mm256_fmadd_ps(p, m, _mm256_set1_ps(-3.0283177f));
  return _mm256_add_ps(e, p);
}
static inline __m256 exp2_8(__m256 x) {
  __m256 r = _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC), f = _mm256_sub_ps(x, r);
  __m256 p = _mm256_set1_ps(1.3333558e-3f); p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(9.6181291e-3f)); p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(5.5504109e-2f)); p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(2.4022651e-1f)); p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(6.9314718e-1f)); p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(1.f));
  return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), _mm256_slli_epi32(_mm256_cvtps_epi32(r), 23)));
}
typedef struct { float z, g, ka, kr, kd; } Cmp;
static void *open_cmp(double fs, uint32_t n) { (void)n; Cmp *p = alloc64(sizeof *p); p->ka = 1 - exp(-1 / (.010 * fs)); p->kr = 1 - exp(-1 / (.100 * fs)); p->kd = 1 - exp(-1 / (.005 * fs)); return p; }
static void run_cmp(void *v, const float *il, const float *ir, float *ol, float *or_, uint32_t n) {
  Cmp *p = v; float z = p->z, g = p->g; const float kd = p->kd, ka = p->ka, kr = p->kr;
  const __m256 th = _mm256_set1_ps(-7.97f) /* -24 dB as log2 of power */, w = _mm256_set1_ps(1.0f), zero = _mm256_setzero_ps();
  float e[8] __attribute__((aligned(32)));
  for (uint32_t i = 0; i < n; i += 8) {
    __m256 l = _mm256_loadu_ps(il + i), r = _mm256_loadu_ps(ir + i);
    _mm256_store_ps(e, _mm256_mul_ps(_mm256_set1_ps(.5f), _mm256_fmadd_ps(l, l, _mm256_mul_ps(r, r))));
    for (int k = 0; k < 8; k++) { z += kd * (e[k] - z); e[k] = z; }
    __m256 o = _mm256_sub_ps(log2_8(_mm256_max_ps(_mm256_load_ps(e), _mm256_set1_ps(1e-12f))), th);
    __m256 h = _mm256_min_ps(_mm256_max_ps(_mm256_add_ps(o, w), zero), _mm256_set1_ps(2.f)); /* knee of +-w */
    __m256 sl = _mm256_fmadd_ps(_mm256_mul_ps(h, h), _mm256_set1_ps(.25f), _mm256_max_ps(_mm256_sub_ps(o, w), zero));
    _mm256_store_ps(e, _mm256_mul_ps(sl, _mm256_set1_ps(-.75f * .5f))); /* gain, log2 of amplitude */
    for (int k = 0; k < 8; k++) { float d = e[k] - g; g += (d < 0 ? ka : kr) * d; e[k] = g; }
    __m256 gn = exp2_8(_mm256_load_ps(e));
    _mm256_storeu_ps(ol + i, _mm256_mul_ps(l, gn)); _mm256_storeu_ps(or_ + i, _mm256_mul_ps(r, gn));
  }
  p->z = z; p->g = g;
}

/* ---- libebur128, M+S+I+LRA+true peak (histogram gating), audio passes through. The interleaving is part of the cost. */
typedef struct { ebur128_state *s; float buf[2 * 8192]; } Eb;
static void *eb(double fs, int mode) { Eb *p = alloc64(sizeof *p); p->s = ebur128_init(2, (unsigned long)fs, mode); return p; }
static void *open_eb_all(double fs, uint32_t n) { (void)n; return eb(fs, EBUR128_MODE_M | EBUR128_MODE_S | EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK | EBUR128_MODE_HISTOGRAM); }
static void *open_eb_loud(double fs, uint32_t n) { (void)n; return eb(fs, EBUR128_MODE_M | EBUR128_MODE_S | EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_HISTOGRAM); }
static void *open_eb_tp(double fs, uint32_t n) { (void)n; return eb(fs, EBUR128_MODE_TRUE_PEAK); }
static void run_eb(void *v, const float *il, const float *ir, float *ol, float *or_, uint32_t n) {
  Eb *p = v; for (uint32_t i = 0; i < n; i++) { p->buf[2 * i] = il[i]; p->buf[2 * i + 1] = ir[i]; }
  ebur128_add_frames_float(p->s, p->buf, n); memcpy(ol, il, n * 4); memcpy(or_, ir, n * 4);
}
static Kernel table[] = {
    {"null", open_nop, run_null}, {"biquad8_f64_plain", open_plain64, run_plain64}, {"biquad8_f64_stage", open_plain64, run_stage64},
    {"biquad8_f64_skew", open_skew64, run_skew64}, {"biquad8_f32_skew", open_skew32, run_skew32}, {"svf8_f64_skew", open_svf64, run_svf64}, {"svf8_f32_skew", open_svf32, run_svf32},
    {"tp4x48_f32", open_tp, run_tp}, {"comp_f32", open_cmp, run_cmp},
    {"libebur128_all", open_eb_all, run_eb}, {"libebur128_loud", open_eb_loud, run_eb}, {"libebur128_tp", open_eb_tp, run_eb},
};
Kernel *kernel_find(const char *n) { for (unsigned i = 0; i < sizeof table / sizeof *table; i++) if (!strcmp(table[i].name, n)) return &table[i]; return NULL; }
