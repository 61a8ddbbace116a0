/* A whole hub in this process, on a free port of loopback, with a small agglomeration in it: orgs olivet and
 * saran, pool agglo of both, sites olivet-mairie and saran-mairie, an event of the pool with two seats, and
 * two people of Olivet. */
#pragma once

#include "syncd/hub/hub.h"
#include "tests/harness/check.h"
#include "tests/harness/http_client.h"

#define TEST_HUB_NOW ((Millis)1764064800000) /* 2025-11-25 10:00 UTC */
#define TEST_EVENT "0192f0c1-7a00-7000-8000-000000000001"
#define TEST_PERSON "0192f0c1-7a00-7000-8000-0000000000a1"
#define TEST_OTHER_PERSON "0192f0c1-7a00-7000-8000-0000000000a2"

typedef struct TestHub {
    TestDir dir;
    Arena *arena;
    HandClock clock;
    const char *path;
    Store *store;
    Hub *hub;
    HttpServer *server;
    Str admin; /* token of the hub's administrator */
    HubOptions options;
    HttpOptions http;
} TestHub;

typedef struct TestDevice {
    Str id, token;
} TestDevice;

TestHub *test_hub_open(void);      /* served */
TestHub *test_hub_open_cold(void); /* not served yet: change options and http, then test_hub_start */
void test_hub_start(TestHub *hub);
void test_hub_stop(TestHub *hub); /* the store stays; test_hub_start serves it again */
void test_hub_close(TestHub *hub);
void test_hub_close_auto(TestHub **hub);

/* path with its query; formats like printf. */
Answer test_get(TestHub *hub, Str token, const char *path_format, ...) PRINTF(3, 4);
Answer test_send(TestHub *hub, const char *method, Str token, const char *path, const char *body);
Answer test_ask(TestHub *hub, Ask ask, const char *path); /* the rest of ask as given */
const char *test_url(TestHub *hub, Arena *arena, const char *path);

Json *answer_json(TestHub *hub, const Answer *answer);
void check_code(TestHub *hub, const Answer *answer, long status, const char *code); /* problem+json */

/* A record written behind the hub's back: no HTTP, no rights asked. Not while it serves held requests. */
void test_put(TestHub *hub, Kind kind, const char *id, const char *scope, const char *doc);
void test_remove(TestHub *hub, Kind kind, const char *id);
Str test_token(TestHub *hub, const char *role, const char *subject, const char *org);

TestDevice test_pair(TestHub *hub, const char *site); /* code, approval and token over HTTP */

/* A body of POST /v1/ops: header, then `lines` (each with its LF). */
const char *test_ops(TestHub *hub, const TestDevice *device, const char *incarnation, int64_t seen,
                     const char *lines);
/* One op line: ids are test_op_id(number). prev 0 = none. */
const char *test_op(TestHub *hub, int64_t n, int number, int prev, const char *op, const char *person,
                    const char *args);
const char *test_op_id(TestHub *hub, int number);
Answer test_push(TestHub *hub, const TestDevice *device, const char *body);
/* The receipt's document, as text; absent where there is none. */
Str test_receipt(TestHub *hub, const TestDevice *device, const char *incarnation);
