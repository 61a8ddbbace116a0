#include "syncd/http/inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef union Address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} Address;

static Status listen_bad(const char *text, Err *err) {
    return err_set(err, E_INVALID,
                   "cannot listen on \"%s\": write ADDRESS:PORT, as 127.0.0.1:8470 or [::1]:8470", text);
}

static Status address_split(const char *text, char *host, size_t host_size, int64_t *port, Err *err) {
    const char *colon = strrchr(text, ':');
    if (!colon || !str_to_int(str_of(colon + 1), port) || *port < 0 || *port > 65535)
        return listen_bad(text, err);
    Str name = {text, (size_t)(colon - text)};
    if (str_starts(name, STR("[")) && str_ends(name, STR("]"))) name = (Str){name.at + 1, name.len - 2};
    if (name.len == 0 || name.len >= host_size) return listen_bad(text, err);
    memcpy(host, name.at, name.len);
    host[name.len] = '\0';
    return OK;
}

static Status address_read(const char *text, Address *out, socklen_t *len, Err *err) {
    char host[ADDRESS_MAX];
    int64_t port = 0;
    TRY(address_split(text, host, sizeof(host), &port, err));
    memset(out, 0, sizeof(*out));
    if (inet_pton(AF_INET, host, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)port);
        *len = sizeof(out->v4);
        return OK;
    }
    if (inet_pton(AF_INET6, host, &out->v6.sin6_addr) != 1) return listen_bad(text, err);
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons((uint16_t)port);
    *len = sizeof(out->v6);
    return OK;
}

static bool address_is_loopback(const Address *address) {
    if (address->any.sa_family == AF_INET) return (ntohl(address->v4.sin_addr.s_addr) >> 24) == 127;
    return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
}

static Status socket_bind(int fd, const HttpOptions *options, const Address *address, socklen_t len,
                          Err *err) {
    int yes = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, &address->any, len) != 0 || listen(fd, SOMAXCONN) != 0)
        return err_from_errno(err, errno, "cannot listen on %s", options->listen);
    return OK;
}

static void url_write(int fd, bool tls, int *port, char *url, size_t url_size) {
    Address bound = {0};
    socklen_t len = sizeof(bound);
    char host[ADDRESS_MAX] = "";
    (void)getsockname(fd, &bound.any, &len);
    bool v4 = bound.any.sa_family == AF_INET;
    const void *number = v4 ? (const void *)&bound.v4.sin_addr : (const void *)&bound.v6.sin6_addr;
    (void)inet_ntop(bound.any.sa_family, number, host, sizeof(host));
    *port = ntohs(v4 ? bound.v4.sin_port : bound.v6.sin6_port);
    snprintf(url, url_size, v4 ? "%s://%s:%d" : "%s://[%s]:%d", tls ? "https" : "http", host, *port);
}

Status listen_open(const HttpOptions *options, int *fd, int *port, char *url, size_t url_size, Err *err) {
    Address address;
    socklen_t len = 0;
    TRY(address_read(options->listen, &address, &len, err));
    bool tls = options->tls_cert.at != NULL;
    if (!tls && !options->allow_plain && !address_is_loopback(&address))
        return err_set(
            err, E_DENIED,
            "%s is not loopback: give --tls-cert and --tls-key, or --insecure-lan to speak plain HTTP there",
            options->listen);
    int made = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) return err_from_errno(err, errno, "cannot make a socket");
    Status status = socket_bind(made, options, &address, len, err);
    if (status != OK) {
        close(made);
        return status;
    }
    url_write(made, tls, port, url, url_size);
    *fd = made;
    return OK;
}
