/*
 * Stands between a process and its files: makes syncs and writes fail or wait on command, and records in which order
 * things were written, synced and sent. Preloaded by the tests; never part of the application.
 *
 * FAULTS_CONTROL names a file that holds what is in force: "sync ERRNO", "write ERRNO", "hold" (a sync waits until the
 * file says something else), or nothing.
 * FAULTS_TRACE names the file of the record. A line is "write FILE MARK", "begin FILE", "synced FILE RESULT" or
 * "send KIND MARK". Marks are words that begin with "TRACE-"; what holds none is not recorded, but for syncs.
 * Only files whose name holds "journal.db" count, and sockets.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define MARK "TRACE-"
#define MARK_LENGTH 64
#define NAME_LENGTH 256

static pthread_mutex_t recording = PTHREAD_MUTEX_INITIALIZER;

static void record(const char *kind, const char *what, const char *mark) {
  const char *path = getenv("FAULTS_TRACE");
  char line[2 * NAME_LENGTH];
  int length = snprintf(line, sizeof line, "%s %s %s\n", kind, what, mark);
  if (path == NULL || length <= 0) {
    return;
  }
  pthread_mutex_lock(&recording);
  int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0) {
    syscall(SYS_write, file, line, (size_t)length);
    syscall(SYS_close, file);
  }
  pthread_mutex_unlock(&recording);
}

/* Reads what is in force: the first word into the command, the number behind it as the result. */
static int in_force(char *command, size_t size) {
  const char *path = getenv("FAULTS_CONTROL");
  char text[64] = "";
  char word[32] = "";
  int number = 0;
  if (path != NULL) {
    int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    if (file >= 0) {
      long read = syscall(SYS_read, file, text, sizeof text - 1);
      text[read > 0 ? read : 0] = 0;
      syscall(SYS_close, file);
    }
  }
  sscanf(text, "%31s %d", word, &number);
  snprintf(command, size, "%s", word);
  return number;
}

/* The name of a journal's file; 0 for everything else. */
static int journal_name(int fd, char *name, size_t size) {
  char link[64];
  char path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) {
    return 0;
  }
  path[length] = 0;
  const char *last = strrchr(path, '/');
  if (last == NULL || strstr(last, "journal.db") == NULL) {
    return 0;
  }
  snprintf(name, size, "%s", last + 1);
  return 1;
}

static void record_marks(const char *kind, const char *what, const void *bytes, size_t count) {
  const char *from = bytes;
  const char *end = from + count;
  while (from < end) {
    const char *found = memmem(from, (size_t)(end - from), MARK, strlen(MARK));
    if (found == NULL) {
      return;
    }
    char mark[MARK_LENGTH];
    size_t length = 0;
    while (found + length < end && length < sizeof mark - 1
           && (found[length] == '-' || found[length] == '#' || (found[length] >= '0' && found[length] <= '9')
               || (found[length] >= 'A' && found[length] <= 'Z'))) {
      mark[length] = found[length];
      length++;
    }
    mark[length] = 0;
    record(kind, what, mark);
    from = found + length;
  }
}

static int is_socket(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

static void before_send(const void *bytes, size_t count) {
  int accepted = memmem(bytes, count, "\"accepted\"", 10) != NULL;
  int events = memmem(bytes, count, "\"events\"", 8) != NULL;
  record_marks("send", accepted ? (events ? "both" : "accepted") : (events ? "events" : "other"), bytes, count);
}

/* Whether a write may go on; sets errno if not. */
static int may_write(int fd, char *name) {
  char command[32];
  if (!journal_name(fd, name, NAME_LENGTH)) {
    name[0] = 0;
    return 1;
  }
  int number = in_force(command, sizeof command);
  if (strcmp(command, "write") == 0) {
    errno = number;
    return 0;
  }
  return 1;
}

static void after_write(const char *name, const void *bytes, ssize_t written) {
  int before = errno;
  if (name[0] != 0 && written > 0) {
    record_marks("write", name, bytes, (size_t)written);
  }
  errno = before;
}

/* The function of this name that would have been called without us. */
#define REAL(function) \
  static __typeof__(&function) real; \
  if (real == NULL) { \
    real = (__typeof__(&function))dlsym(RTLD_NEXT, #function); \
  }

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(write)
  char name[NAME_LENGTH] = "";
  if (is_socket(fd)) {
    before_send(bytes, count);
    return real(fd, bytes, count);
  }
  if (!may_write(fd, name)) {
    return -1;
  }
  ssize_t written = real(fd, bytes, count);
  after_write(name, bytes, written);
  return written;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev)
  if (is_socket(fd)) {
    for (int i = 0; i < count; i++) {
      before_send(parts[i].iov_base, parts[i].iov_len);
    }
  }
  return real(fd, parts, count);
}

ssize_t send(int fd, const void *bytes, size_t count, int flags) {
  REAL(send)
  before_send(bytes, count);
  return real(fd, bytes, count, flags);
}

/* Both are there because libraries call the one or the other, as they were compiled. */
#define WRITES_AT(function, place) \
  ssize_t function(int fd, const void *bytes, size_t count, place at) { \
    REAL(function) \
    char name[NAME_LENGTH] = ""; \
    if (!may_write(fd, name)) { \
      return -1; \
    } \
    ssize_t written = real(fd, bytes, count, at); \
    after_write(name, bytes, written); \
    return written; \
  }

WRITES_AT(pwrite, off_t)
WRITES_AT(pwrite64, off64_t)

static int sync_by(int (*real)(int), int fd) {
  char name[NAME_LENGTH];
  char command[32];
  if (!journal_name(fd, name, sizeof name)) {
    return real(fd);
  }
  record("begin", name, "");
  int number = in_force(command, sizeof command);
  while (strcmp(command, "hold") == 0) {
    struct timespec pause = {0, 1000000};
    nanosleep(&pause, NULL);
    number = in_force(command, sizeof command);
  }
  int result = strcmp(command, "sync") == 0 ? -1 : real(fd);
  int error = result == 0 ? 0 : (strcmp(command, "sync") == 0 ? number : errno);
  record("synced", name, result == 0 ? "ok" : "failed");
  errno = error;
  return result;
}

int fsync(int fd) {
  REAL(fsync)
  return sync_by(real, fd);
}

int fdatasync(int fd) {
  REAL(fdatasync)
  return sync_by(real, fd);
}
