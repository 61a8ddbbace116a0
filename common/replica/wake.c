#include "common/replica/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct Wake {
    int fd, dir_fd;
    char name[64];
};

/* A socket's path is limited to 108 bytes, a folder's is not: the name is reached through the open folder. */
static struct sockaddr_un address_in(int dir_fd, const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", dir_fd, name);
    return address;
}

static int open_dir(const char *dir) {
    return open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static Status bind_here(Wake *wake, Err *err) {
    struct sockaddr_un address = address_in(wake->dir_fd, wake->name);
    unlinkat(wake->dir_fd, wake->name, 0);
    mode_t before = umask(0177);
    int failed = bind(wake->fd, (struct sockaddr *)&address, sizeof(address));
    umask(before);
    return failed ? err_from_errno(err, errno, "cannot make the socket %s", wake->name) : OK;
}

Status wake_open(Wake **out, const char *dir, const char *socket_name, Err *err) {
    Wake *wake = calloc(1, sizeof(*wake));
    if (!wake) abort();
    snprintf(wake->name, sizeof(wake->name), "%s", socket_name);
    wake->fd = -1;
    wake->dir_fd = open_dir(dir);
    Status status = wake->dir_fd < 0 ? err_from_errno(err, errno, "cannot open %s", dir) : OK;
    if (status == OK) {
        wake->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        status = wake->fd < 0 ? err_from_errno(err, errno, "no socket") : bind_here(wake, err);
    }
    if (status != OK) {
        if (wake->fd >= 0) close(wake->fd);
        if (wake->dir_fd >= 0) close(wake->dir_fd);
        free(wake);
        return status;
    }
    *out = wake;
    return OK;
}

void wake_close(Wake *wake) {
    if (!wake) return;
    unlinkat(wake->dir_fd, wake->name, 0);
    close(wake->fd);
    close(wake->dir_fd);
    free(wake);
}

int wake_fd(const Wake *wake) {
    return wake->fd;
}

bool wake_drain(Wake *wake) {
    bool poked = false;
    char byte;
    while (recv(wake->fd, &byte, sizeof(byte), MSG_DONTWAIT) >= 0) poked = true;
    return poked;
}

void wake_poke(const char *dir, const char *socket_name) {
    int dir_fd = open_dir(dir);
    if (dir_fd < 0) return;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        struct sockaddr_un address = address_in(dir_fd, socket_name);
        sendto(fd, "", 0, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof(address));
        close(fd);
    }
    close(dir_fd);
}
