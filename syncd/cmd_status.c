/* syncd status: how a replica stands, read beside a syncd that runs. */
#include "common/config/config.h"
#include "common/replica/replica.h"
#include "syncd/command.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#define STATUS_OPTIONS(X)                                                                                    \
    X(PATH, replica, "DIR", NULL, USE_REQUIRED, "the replica's folder")                                      \
    X(FLAG, json, "", NULL, USE_OPTION, "for programs")

typedef struct StatusSettings {
    STATUS_OPTIONS(CONFIG_MEMBER)
} StatusSettings;

#define STATUS_ROW(...) CONFIG_ROW(StatusSettings, __VA_ARGS__)
static const ConfigOption status_options[] = {STATUS_OPTIONS(STATUS_ROW)};
static const ConfigCommand status_command = {
    "syncd", "status", "tell how a replica stands", NULL, status_options, COUNT(status_options), NULL};

enum { STATUS_TEXT_MAX = 4 * 1024 * 1024 };

static const char *standing_name(ReplicaStanding standing) {
    static const char *const names[] = {"unpaired", "paired", "unknown", "revoked"};
    return names[standing];
}

static Json *scope_json(Arena *arena, Json *list, const ScopeStatus *scope) {
    Json *map = json_add_map(arena, list);
    json_put_text(arena, map, "scope", scope->scope);
    json_put_int(arena, map, "cursor", scope->seq);
    json_put_int(arena, map, "records", scope->count);
    json_put_text(arena, map, "sum", str_of(scope->sum.text));
    json_put_bool(arena, map, "loading", scope->loading);
    if (scope->fault.len) json_put_text(arena, map, "fault", scope->fault);
    return map;
}

static void put_optional(Arena *arena, Json *map, const char *name, Str text) {
    if (text.len) json_put_text(arena, map, name, text);
}

static void put_time(Arena *arena, Json *map, const char *name, Millis at) {
    if (at != INT64_MIN) json_put_int(arena, map, name, at);
}

static Json *facts_json(Arena *arena, const ReplicaStatus *status) {
    const ReplicaFacts *facts = &status->facts;
    Json *map = json_new_map(arena);
    json_put_text(arena, map, "standing", str_of(standing_name(facts->standing)));
    put_optional(arena, map, "device", facts->device);
    put_optional(arena, map, "epoch", facts->epoch);
    put_optional(arena, map, "incarnation", facts->incarnation);
    json_put_bool(arena, map, "loaded", facts->loaded);
    json_put_int(arena, map, "pending", facts->undecided);
    json_put_int(arena, map, "unreadable", facts->unreadable);
    json_put_int(arena, map, "decided", facts->decided);
    json_put_int(arena, map, "durable", facts->durable);
    put_time(arena, map, "last_contact", facts->last_contact);
    json_put_int(arena, map, "clock_offset_ms", facts->clock_offset_ms);
    json_put_text(arena, map, "last_error", status->last_error.at ? status->last_error : STR(""));
    if (status->epoch_before.len) {
        json_put_text(arena, map, "epoch_before", status->epoch_before);
        put_time(arena, map, "epoch_at", status->epoch_at);
        json_put_int(arena, map, "sent_again", status->again);
    }
    put_optional(arena, map, "numbered_anew", status->rekeyed_why);
    json_put_text(arena, map, "file", status->file);
    return map;
}

static void print_json(Arena *arena, const ReplicaStatus *status) {
    AUTO(buf_free) Buf text = buf_new(STATUS_TEXT_MAX);
    Json *map = facts_json(arena, status), *list = json_put_list(arena, map, "scopes");
    int64_t cursor = 0;
    for (size_t i = 0; i < status->scope_count; i++) {
        scope_json(arena, list, &status->scopes[i]);
        if (status->scopes[i].seq > cursor) cursor = status->scopes[i].seq;
    }
    json_put_int(arena, map, "cursor", cursor);
    json_write(&text, map);
    puts(text.at);
}

static void print_text(Str text, const char *otherwise) {
    if (text.len)
        printf("%.*s\n", STR_FORMAT(text));
    else
        puts(otherwise);
}

static void print_contact(Millis at) {
    if (at == INT64_MIN)
        puts("last contact   never");
    else
        printf("last contact   %" PRId64 " s ago\n", (clock_wall(clock_system()) - at) / SECOND_MS);
}

static void print_scopes(const ReplicaStatus *status) {
    for (size_t i = 0; i < status->scope_count; i++) {
        const ScopeStatus *scope = &status->scopes[i];
        printf("  %-28.*s %8" PRId64 " records  sum %s  at %" PRId64 "%s\n", STR_FORMAT(scope->scope),
               scope->count, scope->sum.text, scope->seq, scope->loading ? "  (loading)" : "");
        if (scope->fault.len) printf("    FAULT: %.*s\n", STR_FORMAT(scope->fault));
    }
}

static void print_people(const ReplicaStatus *status) {
    const ReplicaFacts *facts = &status->facts;
    printf("replica        %.*s, %s\n", STR_FORMAT(status->file), standing_name(facts->standing));
    fputs("device         ", stdout), print_text(facts->device, "none");
    fputs("epoch          ", stdout), print_text(facts->epoch, "none");
    if (status->epoch_before.len)
        printf("hub restored   %" PRId64 " s ago, epoch %.*s before; %" PRId64
               " operations were sent again\n",
               (clock_wall(clock_system()) - status->epoch_at) / SECOND_MS, STR_FORMAT(status->epoch_before),
               status->again);
    print_contact(facts->last_contact);
    fputs("last error     ", stdout), print_text(status->last_error, "none");
    printf("pending        %" PRId64 " operations wait for a verdict\n", facts->undecided);
    if (facts->unreadable)
        printf("unreadable     %" PRId64 " operations can never be sent\n", facts->unreadable);
    if (status->rekeyed_why.len) printf("numbered anew  %.*s\n", STR_FORMAT(status->rekeyed_why));
    if (status->pairing_code.len) printf("pairing        code %.*s\n", STR_FORMAT(status->pairing_code));
    puts("scopes");
    print_scopes(status);
}

int cmd_status(int argc, char **argv) {
    StatusSettings settings;
    ReplicaStatus status;
    int exit_status = EXIT_DONE;
    Err err = {0};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    if (!config_start(&status_command, argc, argv, arena, &settings, &exit_status)) return exit_status;
    if (replica_status(settings.replica, arena, &status, &err) != OK)
        return config_fail(&status_command, &err);
    if (settings.json)
        print_json(arena, &status);
    else
        print_people(&status);
    return EXIT_DONE;
}
