#include "tests/harness/http_client.h"

#include "tests/harness/check.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MAX = 64 * 1024 * 1024, HEADERS_BYTES_MAX = 64 * 1024, ASK_SECONDS_MAX = 100 };

static size_t bytes_take(char *at, size_t size, size_t count, void *to) {
    buf_add(to, (Str){at, size * count});
    return size * count;
}

static struct curl_slist *headers_of(const Ask *ask) {
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    char line[256];
    if (!ask->no_version) list = curl_slist_append(list, "Relais-Protocol: 1");
    if (ask->token.at) {
        snprintf(line, sizeof(line), "Authorization: Bearer %.*s", STR_FORMAT(ask->token));
        list = curl_slist_append(list, line);
    }
    for (size_t i = 0; i < COUNT(ask->headers) && ask->headers[i]; i++)
        list = curl_slist_append(list, ask->headers[i]);
    return list;
}

static void curl_prepare(CURL *curl, const Ask *ask, struct curl_slist *headers, Buf *body, Buf *head) {
    curl_easy_setopt(curl, CURLOPT_URL, ask->url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, bytes_take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, bytes_take);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, head);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)ASK_SECONDS_MAX);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    if (ask->gzip) curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    if (ask->body.at) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body.len);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, ask->body.at);
    }
    if (ask->method && strcmp(ask->method, "HEAD") == 0) curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    if (ask->method) curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, ask->method);
}

Answer http_ask(Arena *arena, const Ask *ask) {
    AUTO(buf_free) Buf body = buf_new(ANSWER_MAX);
    AUTO(buf_free) Buf head = buf_new(HEADERS_BYTES_MAX);
    Answer answer = {0};
    struct curl_slist *headers = headers_of(ask);
    CURL *curl = curl_easy_init();
    curl_prepare(curl, ask, headers, &body, &head);
    if (curl_easy_perform(curl) == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    answer.body = str_copy(arena, body.len ? buf_str(&body) : STR(""));
    answer.headers = str_copy(arena, head.len ? buf_str(&head) : STR(""));
    answer.content_type = answer_header(&answer, "Content-Type");
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    return answer;
}

Str answer_header(const Answer *answer, const char *name) {
    Str rest = answer->headers, line, key;
    size_t len = strlen(name);
    while (str_cut(&rest, '\n', &line)) {
        Str value = line;
        if (str_cut(&value, ':', &key) && value.at && key.len == len && strncasecmp(key.at, name, len) == 0)
            return str_trim(value);
    }
    return (Str){0};
}

int raw_connect(int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    check(fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0);
    return fd;
}

void raw_send(int fd, const char *text) {
    (void)!send(fd, text, strlen(text), MSG_NOSIGNAL); /* a server that has closed is what some tests want */
}

Str raw_read_all(Arena *arena, int fd) {
    AUTO(buf_free) Buf all = buf_new(ANSWER_MAX);
    char bytes[4096];
    for (;;) {
        ssize_t got = recv(fd, bytes, sizeof(bytes), 0);
        if (got <= 0) break;
        buf_add(&all, (Str){bytes, (size_t)got});
    }
    close(fd);
    return str_copy(arena, all.len ? buf_str(&all) : STR(""));
}
