/* One HTTP request through a real socket (libcurl), for tests. May be called from several threads. */
#pragma once

#include "common/base/str.h"

typedef struct Ask {
    const char *method; /* NULL = GET */
    const char *url;
    Str token;              /* absent = none */
    Str body;               /* absent = none */
    const char *headers[4]; /* "Name: value" */
    bool no_version;        /* without Relais-Protocol: 1 */
    bool gzip;              /* Accept-Encoding: gzip, and unpacked here */
} Ask;

typedef struct Answer {
    long status; /* 0 = no answer came */
    Str body, content_type, headers;
} Answer;

/* Everything of the answer lives in the arena. */
Answer http_ask(Arena *arena, const Ask *ask);
Str answer_header(const Answer *answer, const char *name); /* absent where it is not there */

/* A socket to 127.0.0.1, for what no client library would send. */
int raw_connect(int port);
void raw_send(int fd, const char *text);
/* Until the other side closes: what came, in the arena. */
Str raw_read_all(Arena *arena, int fd);
