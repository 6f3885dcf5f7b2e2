// What Linux offers and Swift's Glibc module hides, because that module is built without _GNU_SOURCE.
// No other header is included: a type that this module defined would no longer be Glibc's to Swift.
#ifndef CLINUX_SHIM_H
#define CLINUX_SHIM_H

#include <sys/syscall.h>

extern long syscall(long number, ...);

/// Renames only when nothing has the new name; −1 and an errno otherwise.
static inline long valhalla_rename_noreplace(const char *from, const char *to) {
    const int current_folder = -100; // AT_FDCWD
    const unsigned int no_replace = 1; // RENAME_NOREPLACE
    return syscall(SYS_renameat2, current_folder, from, current_folder, to, no_replace);
}

/// Has the system begin to write a stretch of a file to its disk, and does not wait for it. A hint: what becomes of it does
/// not matter.
static inline void valhalla_begin_writing(int file, long long from, long long count) {
    const unsigned int write = 2; // SYNC_FILE_RANGE_WRITE
    syscall(SYS_sync_file_range, file, from, count, write);
}

/// Adds to what a new process does first: it closes every descriptor from this one on. The actions are a
/// posix_spawn_file_actions_t. An errno when there is no memory.
extern int valhalla_close_from(void *actions, int first) __asm__("posix_spawn_file_actions_addclosefrom_np");

#endif
