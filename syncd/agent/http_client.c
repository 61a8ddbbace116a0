#include "syncd/agent/http_client.h"

#include "common/base/json.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { CONNECT_SECONDS = 15, TIMEOUT_SECONDS = 600, HEADER_MAX = 8192 };

struct HttpClient {
    CURL *curl;
    Arena *arena;
    const char *url;
    const char *authorization; /* NULL = none */
    char said[CURL_ERROR_SIZE];
};

typedef struct Receiving {
    Buf body;
    Str etag;
    int64_t retry_after_s;
    Arena *arena;
    CURL *curl;
    int to_fd;
} Receiving;

static bool starts_with(const char *text, const char *start) {
    return strncasecmp(text, start, strlen(start)) == 0;
}

static bool is_loopback(const char *url) {
    static const char *const hosts[] = {"http://127.", "http://localhost", "http://[::1]"};
    for (size_t i = 0; i < COUNT(hosts); i++) {
        char after = starts_with(url, hosts[i]) ? url[strlen(hosts[i])] : 'x';
        if (after == '\0' || after == ':' || after == '/' || (i == 0 && after >= '0' && after <= '9'))
            return true;
    }
    return false;
}

static Status url_check(const HttpClientOptions *options, Err *err) {
    if (!options->url) return err_set(err, E_INVALID, "the address of the hub is missing (--hub)");
    if (starts_with(options->url, "https://")) return OK;
    if (!starts_with(options->url, "http://"))
        return err_set(err, E_INVALID, "“%s” is no address of a hub: it begins with https://", options->url);
    if (options->allow_plain || is_loopback(options->url)) return OK;
    return err_set(err, E_INVALID,
                   "plain HTTP to %s would show the token to the network: use https, or --insecure-lan",
                   options->url);
}

static const char *without_slash(Arena *arena, const char *url) {
    Str text = str_of(url);
    while (text.len && text.at[text.len - 1] == '/') text.len--;
    return str_cstr(arena, text);
}

Status http_client_open(HttpClient **out, const HttpClientOptions *options, Err *err) {
    TRY(url_check(options, err));
    Arena *arena = arena_open();
    HttpClient *client = ARENA_NEW(arena, HttpClient);
    client->arena = arena;
    client->url = without_slash(arena, options->url);
    client->curl = curl_easy_init();
    if (!client->curl) {
        arena_close(arena);
        return err_set(err, E_INTERNAL, "libcurl cannot be started");
    }
    if (options->token)
        client->authorization = str_cstr(arena, str_print(arena, "Authorization: Bearer %s", options->token));
    long seconds =
        options->timeout_ms ? (long)((options->timeout_ms + SECOND_MS - 1) / SECOND_MS) : TIMEOUT_SECONDS;
    curl_easy_setopt(client->curl, CURLOPT_ERRORBUFFER, client->said);
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(client->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT, seconds);
    curl_easy_setopt(client->curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(client->curl, CURLOPT_USERAGENT, "relais-ix/" RELAIS_VERSION);
    *out = client;
    return OK;
}

void http_client_close(HttpClient *client) {
    if (!client) return;
    curl_easy_cleanup(client->curl);
    arena_close(client->arena);
}

void http_client_close_auto(HttpClient **client) {
    http_client_close(*client);
    *client = NULL;
}

static size_t write_all(int fd, const char *bytes, size_t count) {
    for (size_t done = 0; done < count;) {
        ssize_t wrote = write(fd, bytes + done, count - done);
        if (wrote <= 0 && errno != EINTR) return 0;
        if (wrote > 0) done += (size_t)wrote;
    }
    return count;
}

static bool goes_to_file(const Receiving *receiving) {
    long status = 0;
    curl_easy_getinfo(receiving->curl, CURLINFO_RESPONSE_CODE, &status);
    return receiving->to_fd && status >= 200 && status < 300;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
    Receiving *receiving = context;
    if (goes_to_file(receiving)) return write_all(receiving->to_fd, bytes, size * count);
    buf_add(&receiving->body, (Str){bytes, size * count});
    return receiving->body.over ? 0 : size * count;
}

static Str header_value(Str line, const char *name) {
    size_t len = strlen(name);
    if (line.len <= len || strncasecmp(line.at, name, len) != 0 || line.at[len] != ':') return (Str){0};
    return str_trim(str_skip(line, len + 1));
}

static size_t take_header(char *bytes, size_t size, size_t count, void *context) {
    Receiving *receiving = context;
    Str line = {bytes, size * count}, etag = header_value(line, "ETag"),
        retry = header_value(line, "Retry-After");
    if (line.len > HEADER_MAX) return 0;
    if (etag.len > 1 && etag.at[0] == '"') etag = (Str){etag.at + 1, etag.len - 2};
    if (etag.at) receiving->etag = str_copy(receiving->arena, etag);
    if (retry.at && !str_to_int(retry, &receiving->retry_after_s)) receiving->retry_after_s = 0;
    return line.len;
}

static struct curl_slist *headers_of(const HttpClient *client, const HttpCall *call, Arena *arena) {
    struct curl_slist *headers = curl_slist_append(NULL, "Relais-Protocol: 1");
    headers = curl_slist_append(headers, "Expect:");
    if (client->authorization) headers = curl_slist_append(headers, client->authorization);
    if (call->body.at)
        headers = curl_slist_append(headers,
                                    str_cstr(arena, str_print(arena, "Content-Type: %s",
                                                              call->type ? call->type : "application/json")));
    if (call->if_match.at)
        headers = curl_slist_append(
            headers, str_cstr(arena, str_print(arena, "If-Match: \"%.*s\"", STR_FORMAT(call->if_match))));
    return headers;
}

static void call_prepare(HttpClient *client, const HttpCall *call, Receiving *receiving, const char *url) {
    CURL *curl = client->curl;
    bool is_get = strcmp(call->method, "GET") == 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    if (is_get) {
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.at ? call->body.at : "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, is_get ? NULL : call->method);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, receiving);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, receiving);
    client->said[0] = '\0';
}

Status http_client_call(HttpClient *client, const HttpCall *call, Arena *arena, HttpAnswer *out, Err *err) {
    Receiving receiving = {
        .body = buf_new(HTTP_ANSWER_MAX), .arena = arena, .curl = client->curl, .to_fd = call->to_fd};
    const char *url = str_cstr(arena, str_print(arena, "%s%s", client->url, call->path));
    struct curl_slist *headers = headers_of(client, call, arena);
    long status = 0;
    call_prepare(client, call, &receiving, url);
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(client->curl);
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    *out = (HttpAnswer){(int)status, str_copy(arena, buf_str(&receiving.body)), receiving.etag,
                        receiving.retry_after_s};
    bool over = receiving.body.over;
    buf_free(&receiving.body);
    if (over) return err_set(err, E_TOOBIG, "the answer of %s is too long", client->url);
    if (code == CURLE_OK) return OK;
    return err_set(err, E_NETWORK, "the hub at %s does not answer: %s", client->url,
                   client->said[0] ? client->said : curl_easy_strerror(code));
}

Status http_answer_check(const HttpAnswer *answer, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Json *problem = NULL;
    Err ignored;
    if (answer->status >= 200 && answer->status < 300) return OK;
    if (json_parse(arena, answer->body, &problem, &ignored) != OK) problem = NULL;
    Str detail = json_get_text(problem, "detail"), code = json_get_text(problem, "code");
    if (!detail.len) detail = json_get_text(problem, "title");
    Status status = status_from_http(answer->status);
    if (!detail.len) return err_set(err, status, "the hub answers %d", answer->status);
    return err_set_code(err, status, str_cstr(arena, code), "%.*s", STR_FORMAT(detail));
}

Str http_encode(Arena *arena, Str text) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";
    char *out = arena_alloc(arena, 3 * text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte && strchr(plain, byte)) {
            out[len++] = (char)byte;
            continue;
        }
        out[len++] = '%';
        out[len++] = "0123456789ABCDEF"[byte >> 4];
        out[len++] = "0123456789ABCDEF"[byte & 15];
    }
    return (Str){out, len};
}
