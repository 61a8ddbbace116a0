/* A kiosk without a screen, for scripts:
 *
 *   act DIR perform OP PERSON ARGS        prints "ID VERDICT"; durable when it is printed (1 when it was not
 * kept) act DIR status OP-ID                  prints "pending", or the verdict act DIR await KIND ID [TEXT]
 * until the record is there (and its document holds TEXT), woken by pokes; prints it act DIR request VERB
 * ARGS             asks something of syncd act DIR health                        prints state, pending
 * operations, pairing code act DIR keep PERSON EVENT…            one register for each event, an id a line as
 * soon as it is kept */
#include "common/base/clock.h"
#include "common/replica/files.h"
#include "common/replica/view.h"
#include "common/replica/wake.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AWAIT_MS = 60000, LOOK_MS = 500 };

static int fail(const Err *err) {
    fprintf(stderr, "act: %s\n", err->text);
    return 1;
}

static Status perform(View *view, Arena *arena, const char *op, const char *person, const char *text,
                      Err *err) {
    Json *args = NULL;
    Performed done;
    TRY(json_parse(arena, str_of(text), &args, err));
    TRY(view_perform(view, op, str_of(person), STR("badge"), args, true, &done, err));
    printf("%s %s\n", done.op.text, verdict_name(done.predicted));
    fflush(stdout);
    return OK;
}

static Status print_status(View *view, const char *id, Err *err) {
    OpStatus status;
    TRY(view_op_status(view, str_of(id), &status, err));
    puts(!status.known ? "unknown" : status.decided ? verdict_name(status.verdict) : "pending");
    return OK;
}

static bool is_there(View *view, Arena *arena, Kind kind, const char *id, const char *text) {
    StoredRecord record;
    Err err;
    Records *records = view_records(view);
    if (records->verbs->get(records, kind, str_of(id), arena, &record, &err) != OK || record.draft)
        return false;
    if (text && str_find(record.doc, str_of(text)) < 0) return false;
    printf("%.*s\n", STR_FORMAT(record.doc));
    return true;
}

static Status await(View *view, Wake *wake, Arena *arena, const char *kind_name, const char *id,
                    const char *text, Err *err) {
    Kind kind = kind_from_name(str_of(kind_name));
    const Clock *clock = clock_system();
    Millis until = clock_steady(clock) + AWAIT_MS;
    if (kind == K_unknown) return err_set(err, E_INVALID, "there is no kind %s", kind_name);
    while (!is_there(view, arena, kind, id, text)) {
        struct pollfd poked = {.fd = wake_fd(wake), .events = POLLIN};
        KindSet changed = 0;
        if (clock_steady(clock) > until) return err_set(err, E_NOTFOUND, "%s %s did not come", kind_name, id);
        poll(&poked, 1, LOOK_MS);
        wake_drain(wake);
        TRY(view_refresh(view, &changed, err));
    }
    return OK;
}

static Status request(View *view, Arena *arena, const char *verb, const char *text, Err *err) {
    Json *args = NULL;
    TRY(json_parse(arena, str_of(text), &args, err));
    return view_request(view, verb, args, err);
}

static Status print_health(View *view) {
    static const char *const states[] = {"ready", "missing", "empty", "broken"};
    ViewHealth health;
    view_health(view, &health);
    printf("%s %lld %s\n", states[health.replica], (long long)health.pending_ops,
           health.pairing_code[0] ? health.pairing_code : "-");
    return OK;
}

static Status keep(View *view, Arena *arena, const char *person, char **events, int count, Err *err) {
    for (int i = 0; i < count; i++) {
        Str args = str_print(arena, "{\"event\":\"%s\"}", events[i]);
        TRY(perform(view, arena, "register", person, str_cstr(arena, args), err));
    }
    return OK;
}

static Status act(View *view, Arena *arena, int argc, char **argv, Err *err) {
    const char *verb = argv[2];
    if (!strcmp(verb, "perform") && argc == 6) return perform(view, arena, argv[3], argv[4], argv[5], err);
    if (!strcmp(verb, "status") && argc == 4) return print_status(view, argv[3], err);
    if (!strcmp(verb, "request") && argc == 5) return request(view, arena, argv[3], argv[4], err);
    if (!strcmp(verb, "health")) return print_health(view);
    if (!strcmp(verb, "keep") && argc >= 5) return keep(view, arena, argv[3], argv + 4, argc - 4, err);
    if (strcmp(verb, "await") || argc < 5) return err_set(err, E_INVALID, "unknown: %s", verb);
    Wake *wake = NULL;
    TRY(wake_open(&wake, argv[1], KIOSK_SOCKET, err));
    Status status = await(view, wake, arena, argv[3], argv[4], argc > 5 ? argv[5] : NULL, err);
    wake_close(wake);
    return status;
}

int main(int argc, char **argv) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(view_close_auto) View *view = NULL;
    Err err = {0};
    if (argc < 3) return 2;
    if (view_open(&view, argv[1], clock_system(), &err) != OK) return fail(&err);
    return act(view, arena, argc, argv, &err) == OK ? 0 : fail(&err);
}
