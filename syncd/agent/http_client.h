/* One HTTP request after another to a running hub, for command-line tools (the daemon has its own driver).
 * Home of libcurl with it. */
#pragma once

#include "common/base/clock.h"
#include "common/base/str.h"

typedef struct HttpClient HttpClient;

typedef struct HttpClientOptions {
    const char *url;   /* "https://hub.example" or with a path below it */
    const char *token; /* NULL = none */
    bool allow_plain;  /* plain HTTP beyond loopback */
    Millis timeout_ms; /* of a whole request; 0 = ten minutes */
} HttpClientOptions;

typedef struct HttpAnswer {
    int status;
    Str body;
    Str etag;              /* without quotes; absent where there is none */
    int64_t retry_after_s; /* 0 where it is not said */
} HttpAnswer;

enum { HTTP_ANSWER_MAX = 64 * 1024 * 1024 };

CHECKED Status http_client_open(HttpClient **out, const HttpClientOptions *options, Err *err);
void http_client_close(HttpClient *client); /* NULL is fine */
void http_client_close_auto(HttpClient **client);

typedef struct HttpCall {
    const char *method;
    const char *path; /* with its query, already encoded: "/v1/devices" */
    Str body;         /* absent = none */
    const char *type; /* of the body; NULL = application/json */
    Str if_match;     /* absent = none */
    int to_fd;        /* where the body of a success is written instead of kept; 0 = kept */
} HttpCall;

/* E_NETWORK where no answer came. Every answer is OK here, also 404: its status tells. Texts live in the
 * arena. */
CHECKED Status http_client_call(HttpClient *client, const HttpCall *call, Arena *arena, HttpAnswer *out,
                                Err *err);

/* An answer that is no success (2xx) → the failure it stands for, with what the hub says of it
 * (problem+json). */
CHECKED Status http_answer_check(const HttpAnswer *answer, Err *err);

Str http_encode(Arena *arena, Str text); /* for a part of a path or of a query */
