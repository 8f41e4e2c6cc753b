/* What benches/src/peers.rs calls. */
#pragma once
#include <stdint.h>

#define PEER_MAX_BLOCK 8192

/* NULL if it cannot run; peer_last_error() says why. */
void *peer_open(const char *address, double rate, uint32_t block, const char *const *symbols, const double *values, uint32_t count);
/* Left and right in, left and right out. */
float **peer_buffers(void *peer);
void peer_run(void *peer, uint32_t frames);
const char *peer_last_error(void);
