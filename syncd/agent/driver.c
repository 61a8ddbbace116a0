#include "syncd/agent/driver.h"

#include "common/wire/gzip.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/statvfs.h>

enum {
    CONNECT_TIMEOUT_MS = 10 * SECOND_MS,
    RECEIVE_BUFFER_BYTES = 256 * 1024,
    PLAIN_ANSWER_MAX = 16 * 1024 * 1024, /* a page unfolded, with room */
    PLAIN_CHUNK_MAX = 16 * 1024 * 1024,
    BODY_WORTH_PACKING = 1024,
    HEADER_LINE_MAX = 512,
    LOCAL_EVERY_MS = MINUTE_MS
};

/* One request under way. */
typedef struct Transfer {
    struct Driver *driver;
    SessionLane lane;
    CURL *easy; /* kept, with its connection, from one request to the next */
    struct curl_slist *headers;
    Buf packed;
    bool active, head_told, is_gzip, ended;
    char etag[HEADER_LINE_MAX];
    Gunzip *gunzip;
    char error[CURL_ERROR_SIZE];
} Transfer;

typedef struct Driver {
    const DriverOptions *options;
    CURLM *multi;
    Transfer transfers[LANE_COUNT];
    Millis started, local_told;
} Driver;

static Millis now_of(const Driver *driver) {
    return clock_steady(driver->options->clock);
}

/* ---- what comes back ---- */
static bool header_value(Str line, const char *name, Str *value) {
    size_t length = strlen(name);
    if (line.len <= length || strncasecmp(line.at, name, length) != 0 || line.at[length] != ':') return false;
    *value = str_trim(str_skip(line, length + 1));
    return true;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *to) {
    Transfer *transfer = to;
    Str line = {bytes, size * count}, value = {0};
    if (header_value(line, "ETag", &value) && value.len < sizeof(transfer->etag))
        snprintf(transfer->etag, sizeof(transfer->etag), "%.*s", STR_FORMAT(value));
    if (header_value(line, "Content-Encoding", &value)) transfer->is_gzip = str_is(value, "gzip");
    return size * count;
}

static Millis retry_after(CURL *easy) {
    curl_off_t seconds = 0;
    if (curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) != CURLE_OK || seconds <= 0) return -1;
    return (Millis)seconds * SECOND_MS;
}

static bool tell_head(Transfer *transfer) {
    long status = 0;
    if (transfer->head_told) return true;
    transfer->head_told = true;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    SessionHead head = {.http_status = (int)status,
                        .etag = transfer->etag[0] ? transfer->etag : NULL,
                        .retry_after_ms = retry_after(transfer->easy)};
    Session *session = transfer->driver->options->session;
    return session_head(session, transfer->lane, now_of(transfer->driver), &head);
}

static bool tell_body(Transfer *transfer, Str bytes) {
    Session *session = transfer->driver->options->session;
    return bytes.len == 0 || session_body(session, transfer->lane, now_of(transfer->driver), bytes);
}

/* We ask for gzip ourselves, so that what unfolds has our ceiling. */
static bool unpack(Transfer *transfer, Str packed) {
    AUTO(buf_free) Buf plain = buf_new(PLAIN_CHUNK_MAX);
    Err err = {0};
    if (!transfer->gunzip && gunzip_open(&transfer->gunzip, PLAIN_ANSWER_MAX, &err) != OK) return false;
    if (gunzip_feed(transfer->gunzip, packed, &plain, &transfer->ended, &err) != OK) {
        snprintf(transfer->error, sizeof(transfer->error), "%.*s", CURL_ERROR_SIZE - 1, err.text);
        return false;
    }
    return plain.len == 0 || tell_body(transfer, buf_str(&plain));
}

static size_t take_body(char *bytes, size_t size, size_t count, void *to) {
    Transfer *transfer = to;
    Str got = {bytes, size * count};
    bool go_on =
        tell_head(transfer) && (transfer->is_gzip ? unpack(transfer, got) : tell_body(transfer, got));
    return go_on ? got.len : 0;
}

/* ---- what is sent ---- */
static void add_header(Transfer *transfer, const char *format, ...) PRINTF(2, 3);
static void add_header(Transfer *transfer, const char *format, ...) {
    char line[HEADER_LINE_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    if (!longer) abort();
    transfer->headers = longer;
}

static void set_headers(Transfer *transfer, const SessionRequest *request) {
    add_header(transfer, "Relais-Protocol: 1");
    if (request->range_from)
        add_header(transfer, "Range: bytes=%lld-", (long long)request->range_from);
    else
        add_header(transfer, "Accept-Encoding: gzip");
    if (request->token) add_header(transfer, "Authorization: Bearer %s", request->token);
    if (request->etag) add_header(transfer, "If-None-Match: %s", request->etag);
    if (request->content_type) add_header(transfer, "Content-Type: %s", request->content_type);
    if (request->post) add_header(transfer, "Expect:");
    if (transfer->packed.len) add_header(transfer, "Content-Encoding: gzip");
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void pack_body(Transfer *transfer, const SessionRequest *request) {
    Err err = {0};
    buf_free(&transfer->packed);
    transfer->packed = buf_new(PUSH_BYTES_MAX + 64 * 1024);
    if (request->body.len < BODY_WORTH_PACKING) return;
    if (gzip_pack(&transfer->packed, request->body, GZIP_WIRE_LEVEL, &err) != OK)
        buf_clear(&transfer->packed);
}

static void set_method(Transfer *transfer, const SessionRequest *request) {
    if (!request->post) {
        curl_easy_setopt(transfer->easy, CURLOPT_HTTPGET, 1L);
        return;
    }
    Str body = transfer->packed.len ? buf_str(&transfer->packed) : request->body;
    curl_easy_setopt(transfer->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDS, body.len ? body.at : "");
}

static void set_manners(Transfer *transfer, const SessionRequest *request) {
    CURL *easy = transfer->easy;
    const char *ca_file = transfer->driver->options->ca_file;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "syncd/" RELAIS_VERSION);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)(request->silence_ms / SECOND_MS));
    curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER_BYTES);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    if (ca_file) curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file);
}

static void start(Driver *driver, Transfer *transfer, const SessionRequest *request) {
    CURL *easy = transfer->easy;
    curl_easy_reset(easy); /* keeps the connection */
    curl_slist_free_all(transfer->headers);
    transfer->headers = NULL;
    transfer->head_told = transfer->is_gzip = transfer->ended = false;
    transfer->etag[0] = transfer->error[0] = '\0';
    pack_body(transfer, request);
    set_manners(transfer, request);
    set_headers(transfer, request);
    set_method(transfer, request);
    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->error);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    transfer->active = true;
    curl_multi_add_handle(driver->multi, easy);
}

static void ask_lanes(Driver *driver) {
    for (int i = 0; i < LANE_COUNT; i++) {
        SessionRequest request = {0};
        Transfer *transfer = &driver->transfers[i];
        if (!transfer->active &&
            session_ask(driver->options->session, (SessionLane)i, now_of(driver), &request))
            start(driver, transfer, &request);
    }
}

static void finish(Driver *driver, Transfer *transfer, CURLcode result) {
    Status status = result == CURLE_OK ? OK : E_NETWORK;
    const char *text = transfer->error[0] ? transfer->error : curl_easy_strerror(result);
    curl_multi_remove_handle(driver->multi, transfer->easy);
    transfer->active = false;
    if (result == CURLE_OK) tell_head(transfer);
    if (result == CURLE_OK && transfer->is_gzip && transfer->gunzip && !transfer->ended) {
        status = E_NETWORK;
        text = "the answer broke off";
    }
    gunzip_close(transfer->gunzip);
    transfer->gunzip = NULL;
    session_end(driver->options->session, transfer->lane, now_of(driver), status, text);
}

static bool take_finished(Driver *driver) {
    int left = 0;
    bool any = false;
    for (CURLMsg *message; (message = curl_multi_info_read(driver->multi, &left));) {
        Transfer *transfer = NULL;
        CURLcode result = message->data.result;
        if (message->msg != CURLMSG_DONE) continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        finish(driver, transfer, result);
        any = true;
    }
    return any;
}

/* ---- the loop ---- */
static void tell_local(Driver *driver) {
    struct statvfs disk;
    Millis now = now_of(driver);
    if (now - driver->local_told < LOCAL_EVERY_MS) return;
    driver->local_told = now;
    SessionLocal local = {.uptime_ms = now - driver->started};
    if (statvfs(driver->options->dir, &disk) == 0)
        local.disk_free_bytes = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    session_tell_local(driver->options->session, &local);
}

static int poll_ms(Driver *driver) {
    Millis now = now_of(driver);
    Millis wait = session_next_at(driver->options->session, now) - now;
    if (wait < 0) wait = 0;
    return wait > MINUTE_MS ? MINUTE_MS : (int)wait;
}

/* True: somebody asked to end. */
static bool wait_for_something(Driver *driver) {
    const DriverOptions *options = driver->options;
    struct curl_waitfd fds[2];
    unsigned count = 0;
    if (options->wake)
        fds[count++] = (struct curl_waitfd){.fd = wake_fd(options->wake), .events = CURL_WAIT_POLLIN};
    if (options->stop_fd >= 0)
        fds[count++] = (struct curl_waitfd){.fd = options->stop_fd, .events = CURL_WAIT_POLLIN};
    curl_multi_poll(driver->multi, fds, count, poll_ms(driver), NULL);
    if (options->wake && wake_drain(options->wake)) session_poke(options->session, now_of(driver));
    struct pollfd stop = {.fd = options->stop_fd, .events = POLLIN};
    return options->stop_fd >= 0 && poll(&stop, 1, 0) > 0;
}

static bool is_over(Driver *driver) {
    const DriverOptions *options = driver->options;
    return options->is_over && options->is_over(options->to, options->session, now_of(driver));
}

static void loop(Driver *driver) {
    int running = 0;
    do {
        tell_local(driver);
        ask_lanes(driver);
        curl_multi_perform(driver->multi, &running);
        if (take_finished(driver)) continue; /* what is next is asked before waiting */
        if (is_over(driver) || wait_for_something(driver)) return;
    } while (!is_over(driver));
}

static void close_transfers(Driver *driver) {
    for (int i = 0; i < LANE_COUNT; i++) {
        Transfer *transfer = &driver->transfers[i];
        if (!transfer->easy) continue;
        if (transfer->active) curl_multi_remove_handle(driver->multi, transfer->easy);
        curl_easy_cleanup(transfer->easy);
        curl_slist_free_all(transfer->headers);
        gunzip_close(transfer->gunzip);
        buf_free(&transfer->packed);
    }
    if (driver->multi) curl_multi_cleanup(driver->multi);
}

static Status open_transfers(Driver *driver, Err *err) {
    driver->multi = curl_multi_init();
    if (!driver->multi) return err_set(err, E_INTERNAL, "libcurl does not start");
    for (int i = 0; i < LANE_COUNT; i++) {
        driver->transfers[i] = (Transfer){.driver = driver, .lane = (SessionLane)i, .easy = curl_easy_init()};
        if (!driver->transfers[i].easy) return err_set(err, E_INTERNAL, "libcurl does not start");
    }
    return OK;
}

Status driver_run(const DriverOptions *options, Err *err) {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, E_INTERNAL, "libcurl does not start");
    Driver driver = {.options = options, .started = clock_steady(options->clock)};
    driver.local_told = driver.started - LOCAL_EVERY_MS;
    Status status = open_transfers(&driver, err);
    if (status == OK) loop(&driver);
    close_transfers(&driver);
    curl_global_cleanup();
    return status;
}
