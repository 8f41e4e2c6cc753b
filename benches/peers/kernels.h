/* A kernel: something small that runs on a host's channels. */
#pragma once
#include <stdint.h>
typedef struct {
  const char *name;
  void *(*open)(double rate, uint32_t block);
  void (*run)(void *, const float *il, const float *ir, float *ol, float *or_, uint32_t n);
} Kernel;
Kernel *kernel_find(const char *name);
