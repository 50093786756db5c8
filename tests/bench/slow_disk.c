/* Makes every fsync and fdatasync take BENCH_SYNC_MICROSECONDS longer: an ordinary disk, loaded with LD_PRELOAD. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static void wait_a_little(void) {
    const char *microseconds = getenv("BENCH_SYNC_MICROSECONDS");
    if (microseconds != NULL) usleep((useconds_t)atoi(microseconds));
}

int fsync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int result = real(file);
    wait_a_little();
    return result;
}

int fdatasync(int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = real(file);
    wait_a_little();
    return result;
}
