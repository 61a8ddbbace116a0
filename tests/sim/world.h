/* One process, one virtual clock: a hub, kiosks (syncd and its screen), people, an administrator, and the
 * wires between them. The real code runs: sessions, replica folders, views, the hub's handlers over its real
 * store; only sockets, sleep and chance are ours. README.md of this folder says what is looked at. */
#pragma once

#include "common/base/clock.h"
#include "common/base/file.h"
#include "common/db/db.h"
#include "common/replica/replica.h"
#include "common/replica/view.h"
#include "syncd/agent/session.h"
#include "syncd/http/memory.h"
#include "syncd/hub/hub.h"
#include "tests/sim/disk.h"
#include "tests/sim/script.h"
#include "tests/sim/situations.h"

enum {
    KIOSKS_MAX = 6,
    STRAYS_MAX = 8,
    ORGS = 2,
    SITES = 4,
    PERSONS = 6,
    EVENTS = 3,
    NOTICES = 6,
    PATH_BYTES = 160,
    DIR_BYTES = 96,
    TEXT_BYTES = 256
};

/* ---- wires ---- */
typedef enum WireState { WIRE_FREE, WIRE_SENT, WIRE_AT_SERVER, WIRE_ANSWERED } WireState;

/* A request as it left the client; copied, for the client may die before it arrives. */
typedef struct Message {
    Arena *arena;
    int kiosk;
    SessionLane lane;
    bool post;
    const char *target;
    Str token, etag, content_type, body;
    int64_t range_from;
} Message;

typedef struct Wire {
    WireState state;
    Message message;
    HttpRequest *request; /* at the server, until answered */
    int status;
    Buf body;
    char etag[96];
    Millis retry_after_ms;
    size_t told; /* bytes of the body that the client has */
    bool head_told, broken;
} Wire;

/* A copy of a request that nobody waits for any more, or that arrives twice. */
typedef struct Stray {
    Message message;
    HttpRequest *request;
} Stray;

/* ---- kiosks ---- */
typedef struct ScopeSeen {
    char scope[SCOPE_MAX + 1];
    int64_t applied;
} ScopeSeen;

enum { SCOPES_SEEN_MAX = 16 };

typedef struct Kiosk {
    bool exists;
    int number;
    char dir[PATH_BYTES];
    HandClock clock;
    Replica *replica;
    Session *session;
    View *view;
    Wire wires[LANE_COUNT];
    DiskProcess *syncd_disk, *screen_disk;
    int starts;
    /* what the checks know of it */
    Db *looking, *looking_outbox;
    char looked_at[TEXT_BYTES]; /* the file behind the link */
    int64_t version, outbox_version;
    ScopeSeen seen[SCOPES_SEEN_MAX];
    size_t seen_count;
    char device[UUID_LEN + 1];
    char incarnation[UUID_LEN + 1];
    bool loading, down;
    bool erased;  /* personal kinds went with the device's rights; they come again with the next load */
    bool was_cut; /* the last page was cut: the next one shows whether it resumes */
} Kiosk;

/* ---- the ledger: every op that a kiosk said to be kept ---- */
typedef enum ActKind { ACT_REGISTER, ACT_CANCEL, ACT_TICK, ACT_OTHER } ActKind;

typedef struct LedgerOp {
    char id[UUID_LEN + 1];
    uint32_t kiosks; /* bit per kiosk whose outbox has it */
    ActKind act;
    int event, person;
    Millis made_at; /* true time */
    char code[16];  /* the hub's verdict; "" = none yet */
    bool effective, found;
} LedgerOp;

typedef enum Expected { EXPECT_NONE, EXPECT_IN, EXPECT_OUT } Expected;

/* ---- the hub's past ---- */
typedef struct HubState {
    int64_t head;
    size_t count;
    Str *scopes;
    Sum *sums;
} HubState;

typedef struct SimHub {
    char path[PATH_BYTES];
    HandClock clock;
    Store *store;
    Hub *hub;
    HttpServer *server;
    DiskProcess *disk;
    Str token; /* of the hub's administrator */
    HubOptions options;
    HubState *states;
    size_t state_count, state_room;
    int64_t taken_before[EVENTS];
    int64_t decided_at_head;
    const Message *asked; /* the push that runs; NULL: none */
} SimHub;

typedef struct World {
    Arena *arena;                         /* as long as the run */
    char root[DIR_BYTES], dir[DIR_BYTES]; /* dir is relative: the run stands in root */
    uint64_t seed;
    Rng rng; /* of what is not a step: sessions, the end */
    Millis now;
    Millis steady;
    SimHub hub;
    Kiosk kiosks[KIOSKS_MAX];
    Stray strays[STRAYS_MAX];
    LedgerOp *ops;
    size_t op_count, op_room;
    Expected expected[EVENTS][PERSONS];
    const SimOptions *options;
    SimResult *result;
    int step; /* number of the one that runs; -1 before and after */
    Buf line; /* of the trace */
    size_t page_limit;
    int flips;
    bool ending;
} World;

/* world.c */
void world_open(World *world, uint64_t seed, const SimOptions *options, SimResult *result);
void world_close(World *world);
void world_advance(World *world, Millis by_ms);
void world_say(World *world, const char *format, ...) PRINTF(2, 3); /* into the trace */
/* The first failure counts; the run ends after the step. */
void world_fail(World *world, const char *format, ...) PRINTF(2, 3);
bool world_has_failed(const World *world);
void world_count(World *world, Situation situation);
const char *world_person(int person);
const char *world_event(int event);
const char *world_notice(int notice);
const char *world_site(int site);
const char *world_org(int org);

/* hub.c */
void hub_make(World *world);
void hub_start(World *world);
void hub_stop(World *world, bool power_cut, size_t kept); /* as by a crash: nobody gets an answer */
void hub_gone(World *world);                              /* at the end of the run */
/* Sends it and takes the answer away; false where the hub crashed while it ran. */
bool hub_ask(World *world, const Message *message, HttpRequest **out);
void hub_after(World *world); /* after anything the hub did: history, checks, who was woken */
/* As the administrator; returns the HTTP status, 0 where the hub crashed. *answer lives in the world. */
int hub_admin(World *world, const char *method, const char *target, Str if_match, Str body, Str *answer,
              Str *etag);
const HubState *hub_state_at(const World *world, int64_t head);
int64_t hub_head(World *world);

/* admin.c */
void admin_put(World *world, const char *kind, const char *id, const char *scope, const char *doc_format, ...)
    PRINTF(5, 6);
void admin_delete(World *world, const char *kind, const char *id);
void admin_put_event(World *world, int event, int scope, int seats, bool cancelled);
void admin_put_pool(World *world, int pool, unsigned members);
void admin_put_notice(World *world, int notice, int scope, unsigned text);
void admin_put_site(World *world, int site, int org);
void admin_put_person(World *world, int person, unsigned text);
void admin_approve(World *world, const char *code, int site);
void admin_revoke(World *world, const char *device);

/* kiosk.c */
Kiosk *kiosk_new(World *world); /* NULL: there are enough */
void kiosk_start(World *world, Kiosk *kiosk);
void kiosk_kill(World *world, Kiosk *kiosk, bool power_cut, size_t kept); /* and start it again */
void kiosk_stop(World *world, Kiosk *kiosk, bool power_cut, size_t kept);
void kiosk_check_disk(World *world,
                      Kiosk *kiosk); /* a crash that was ordered has come: it ends, and starts again */
void kiosk_clone(World *world, Kiosk *kiosk);
void kiosk_act(World *world, Kiosk *kiosk, ActKind act, int event, int person);
void kiosk_look(World *world, Kiosk *kiosk);
void kiosk_request(World *world, Kiosk *kiosk, const char *verb, const char *args);
bool kiosk_lives(const Kiosk *kiosk);

/* wire.c */
void wire_ask(World *world, Kiosk *kiosk, SessionLane lane);
void wire_carry(World *world, Kiosk *kiosk, SessionLane lane); /* the request reaches the server */
void wire_take_held(World *world);                             /* answers of what was held come back */
void wire_tell(World *world, Kiosk *kiosk, SessionLane lane,
               size_t bytes);                                  /* so many bytes of the answer, or all */
void wire_break(World *world, Kiosk *kiosk, SessionLane lane); /* the client sees the connection end */
void wire_flip(World *world, Kiosk *kiosk, SessionLane lane, size_t at);
void wire_double(World *world, Kiosk *kiosk, SessionLane lane); /* a copy stays under way */
void wire_leave(World *world, Kiosk *kiosk, SessionLane lane);  /* the client gives up, the request goes on */
void wire_stray(World *world, size_t which);                    /* a stray arrives */
void wire_forget(Wire *wire);                                   /* the client is gone */
void wire_server_gone(World *world);
void wire_free_all(World *world);
void message_free(Message *message);

/* ledger.c */
void ledger_scan(World *world, Kiosk *kiosk,
                 const char *must_have); /* what the outbox has; NULL: nothing is sure */
void ledger_decide(World *world);        /* what the hub has decided by now */
void ledger_clone(World *world, const Kiosk *from, const Kiosk *to);
void ledger_check_outbox(World *world, Kiosk *kiosk);
void ledger_check_effects(World *world);
LedgerOp *ledger_find(World *world, Str id);

/* check.c */
void check_kiosk(World *world, Kiosk *kiosk);
void check_forget(Kiosk *kiosk); /* its connections; before the files are touched */
void check_world(World *world);  /* after each step */
void check_hub_whole(World *world);
void check_end(World *world);
void check_waking(World *world, const char *scope, int notice_scope);

/* settle.c */
void world_pair_all(World *world);
void world_settle(World *world); /* all is well from now on: everybody must catch up */

/* steps.c */
void step_run(World *world, const SimStep *step);
