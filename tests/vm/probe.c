// Tries, from inside a service's sandbox, what the service must not be able to do, and says of each whether it was refused.
//
//   probe OWN_FOLDER PID TRIED…     OWN_FOLDER may be "-"; PID is a process of another user; each TRIED is read:PATH,
//                                   write:FOLDER or connect:SOCKET
//
// One line each: "refused NAME" or "ALLOWED NAME". Linked statically, so that only its own file has to be let in.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// Any other error is the system's answer to a call that was let through.
static int refuses(int error) {
  static const int refusals[] = {EPERM, EACCES, EROFS, ENOENT, ESRCH, EAFNOSUPPORT};
  for (size_t i = 0; i < sizeof refusals / sizeof *refusals; ++i)
    if (error == refusals[i]) return 1;
  return 0;
}

static void tell(int succeeded, const char* name, const char* what) {
  printf("%s %s%s%s (%s)\n", succeeded || !refuses(errno) ? "ALLOWED" : "refused", name, *what ? " " : "", what,
         succeeded ? "it worked" : strerror(errno));
  fflush(stdout);
}

static void sockets(void) {
  static const struct { int family, type; const char* name; } tried[] = {
      {AF_INET, SOCK_STREAM, "TCP"},     {AF_INET, SOCK_DGRAM, "UDP"},     {AF_INET6, SOCK_STREAM, "TCP over IPv6"},
      {AF_NETLINK, SOCK_RAW, "netlink"}, {AF_PACKET, SOCK_RAW, "packets"}, {AF_VSOCK, SOCK_STREAM, "vsock"},
      {AF_ALG, SOCK_SEQPACKET, "kernel crypto"}, {AF_BLUETOOTH, SOCK_RAW, "bluetooth"}};
  for (size_t i = 0; i < sizeof tried / sizeof *tried; ++i)
    tell(socket(tried[i].family, tried[i].type, 0) >= 0, "socket", tried[i].name);
}

static void others(pid_t pid) {
  char path[64], byte;
  static const char* const files[] = {"mem", "environ", "maps", "fd/0"};
  for (size_t i = 0; i < sizeof files / sizeof *files; ++i) {
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, files[i]);
    tell(open(path, O_RDONLY) >= 0, "process", files[i]);
  }
  struct iovec here = {&byte, 1}, there = {(void*)0x400000, 1};
  tell(process_vm_readv(pid, &here, 1, &there, 1, 0) >= 0, "process", "reading its memory");
  tell(ptrace(PTRACE_ATTACH, pid, 0, 0) == 0, "process", "tracing it");
  tell(kill(pid, 0) == 0, "process", "a signal to it");
}

static int runs(const char* path, int fd) {
  int failure[2], error = 0;
  if (pipe2(failure, O_CLOEXEC) != 0) return 0;
  const pid_t child = fork();
  if (child == 0) {
    char* const arguments[] = {(char*)"probe", (char*)"--nothing", NULL};
    close(1);
    close(2);
    if (fd >= 0) fexecve(fd, arguments, environ);
    else execv(path, arguments);
    _exit(write(failure[1], &errno, sizeof errno) < 0);
  }
  close(failure[1]);
  const ssize_t size = read(failure[0], &error, sizeof error);
  close(failure[0]);
  waitpid(child, NULL, 0);
  errno = error;
  return size == 0;
}

static int copy_self(int to) {
  char buffer[1 << 16];
  const int from = open("/proc/self/exe", O_RDONLY);
  for (ssize_t size; (size = read(from, buffer, sizeof buffer)) > 0;)
    if (write(to, buffer, (size_t)size) != size) return 0;
  close(from);
  return 1;
}

static void programs(const char* own_folder) {
  static const char* const paths[] = {"/bin/sh", "/usr/bin/env", "/usr/bin/curl", "/usr/bin/tijori", "/usr/bin/tijori-ca"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; ++i) tell(runs(paths[i], -1), "running", paths[i]);
  const char* folders[] = {own_folder, "/tmp", "/var/tmp", "/dev/shm"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; ++i) {
    char path[256];
    snprintf(path, sizeof path, "%s/copy", folders[i]);
    const int fd = open(path, O_CREAT | O_RDWR, 0700);
    if (fd < 0 || !copy_self(fd)) continue;  // what can't be written can't be run
    close(fd);
    tell(runs(path, -1), "running a program put into", folders[i]);
    unlink(path);
  }
  const int fd = memfd_create("copy", 0);
  tell(fd >= 0 && copy_self(fd) && runs(NULL, fd), "running a program in memory", "");
}

static void rights(const char* own_folder) {
  void* page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  tell(page != MAP_FAILED, "memory", "written and run");
  page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  tell(mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0, "memory", "run after it was written");
  tell(setuid(0) == 0, "becoming", "root");
  tell(unshare(CLONE_NEWUSER) == 0, "a namespace of", "users");
  tell(unshare(CLONE_NEWNET) == 0, "a namespace of", "networks");
  tell(mount("none", "/tmp", "tmpfs", 0, NULL) == 0, "mounting", "");
  tell(chroot("/tmp") == 0, "another root", "");
  const struct timeval time = {0, 0};
  tell(settimeofday(&time, NULL) == 0, "the clock", "");
  tell(sethostname("x", 1) == 0, "the host's name", "");
  tell(syscall(SYS_bpf, 0, NULL, 0) >= 0, "bpf", "");
  tell(syscall(SYS_init_module, NULL, 0, "") == 0, "a kernel module", "");
  tell(syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0) >= 0, "perf", "");
  tell(syscall(SYS_add_key, "user", "x", "x", 1, -3) >= 0, "the kernel's keys", "");
  const struct rlimit core = {RLIM_INFINITY, RLIM_INFINITY};
  tell(setrlimit(RLIMIT_CORE, &core) == 0, "core dumps", "");
  tell(mknod("/tmp/memory", S_IFCHR | 0600, 0x101) == 0, "a device", "");
  char path[256];
  snprintf(path, sizeof path, "%s/probe", strcmp(own_folder, "-") == 0 ? "/tmp" : own_folder);
  const int fd = open(path, O_CREAT | O_RDWR, 0700);
  tell(fd >= 0 && fchmod(fd, 04755) == 0, "a set-uid file", "");
  unlink(path);
}

static void named(const char* what) {
  const char* const path = strchr(what, ':') + 1;
  if (strncmp(what, "read:", 5) == 0) {
    tell(open(path, O_RDONLY) >= 0, "reading", path);
  } else if (strncmp(what, "write:", 6) == 0) {
    char file[256];
    snprintf(file, sizeof file, "%s/probe", path);
    const int fd = open(file, O_CREAT | O_WRONLY, 0600);
    tell(fd >= 0, "writing into", path);
    if (fd >= 0) unlink(file);
  } else {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    tell(connect(fd, (struct sockaddr*)&address, sizeof address) == 0, "connecting to", path);
  }
}

int main(int argc, char** argv) {
  if (argc == 2 && strcmp(argv[1], "--nothing") == 0) return 0;
  // Root would be allowed some of it, the clock for one.
  if (argc < 3 || getuid() == 0) return 2;
  sockets();
  others((pid_t)atoi(argv[2]));
  programs(argv[1]);
  rights(argv[1]);
  for (int i = 3; i < argc; ++i) named(argv[i]);
  // That the probe itself works: this much every sandbox allows.
  const int own = socket(AF_UNIX, SOCK_STREAM, 0);
  printf("%s\n", own >= 0 ? "looked" : "a local socket is refused too");
  return 0;
}
