/* bench_replica RECORDS: the first load of so many records (scan, stage, complete; the bytes are in memory),
 * the same load again, and what a kiosk needs until its first queries are answered. Milliseconds, a line
 * each. */
#include "common/replica/view.h"
#include "tests/harness/replica_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now_ms(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

typedef struct Load {
    Kit *kit;
    int64_t records;
    const char *epoch;
    Sum sum;
    double scan_ms;
} Load;

static Str doc_of(Load *load, Arena *arena, int64_t i) {
    Millis starts = clock_wall(&load->kit->clock.base) + (i % 700) * DAY_MS + (i % 9) * HOUR_MS;
    return str_print(arena,
                     "{\"body\":\"Préparer, conduire et conclure une réunion utile : la charte, l’ordre du "
                     "jour minuté.\",\"ends\":"
                     "%lld,\"org\":\"olivet\",\"place\":\"Salle "
                     "%lld\",\"seats\":12,\"starts\":%lld,\"status\":\"planned\",\"title\":"
                     "\"Réunion efficace, groupe %lld\",\"type\":\"ixpresso\"}",
                     (long long)starts + HOUR_MS, (long long)(i % 40), (long long)starts, (long long)i);
}

static Str line_of(Load *load, Arena *arena, Buf *out, int64_t seq) {
    FeedLine line = {.seq = seq, .kind = STR("event"), .scope = STR("public")};
    line.id = str_print(arena, "0192f0c1-7a00-7000-8000-%012lld", (long long)seq);
    line.doc = doc_of(load, arena, seq);
    line.hash = hash_record(line.kind, line.id, line.scope, line.doc);
    sum_add(&load->sum, line.hash);
    buf_clear(out);
    feed_line_write(out, &line);
    return str_first(buf_str(out), out->len - 1);
}

static void take_line(Load *load, Str text) {
    FeedLine line = {0};
    Err err = {0};
    check_ok(feed_line_scan(text, &line, &err));
    check_ok(replica_page_line(load->kit->replica, &line, &err));
}

static void take_page(Load *load, FeedHeader *header, int64_t from, int64_t to) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    AUTO(buf_free) Buf out = buf_new(FEED_LINE_MAX);
    Err err = {0};
    bool new_epoch = false;
    check_ok(replica_page_begin(load->kit->replica, header, &new_epoch, &err));
    for (int64_t seq = from; seq <= to; seq++) {
        double start = now_ms();
        Str line = line_of(load, arena, &out, seq);
        load->scan_ms -= now_ms() - start; /* making the line is not loading it */
        take_line(load, line);
    }
    if (to < load->records) check_ok(replica_page_more(load->kit->replica, to, &err));
}

static void complete(Load *load) {
    ScopeSum sum = {STR("public"), load->sum};
    FeedTrailer trailer = {.complete = true, .seq = load->records, .sums = &sum, .sum_count = 1};
    PageOutcome outcome;
    Err err = {0};
    check_ok(replica_page_complete(load->kit->replica, &trailer, &outcome, &err));
    check(outcome.applied);
}

static void load_all(Load *load, const char *what) {
    Str scope = STR("public");
    FeedHeader header = {.epoch = str_of(load->epoch), .head = load->records, .scopes = {&scope, 1}};
    load->sum = (Sum){0};
    load->scan_ms = 0;
    double start = now_ms();
    for (int64_t from = 1; from <= load->records; from += PAGE_RECORDS_MAX) {
        int64_t to = from + PAGE_RECORDS_MAX - 1;
        take_page(load, &header, from, to < load->records ? to : load->records);
    }
    double staged = now_ms();
    complete(load);
    printf("%s: staged %.0f applied %.0f\n", what, staged - start + load->scan_ms, now_ms() - staged);
}

static void query(View *view, Arena *arena, ViewQuery which, const ViewArg *args, size_t count_args) {
    void *list = NULL;
    size_t count = 0;
    Err err = {0};
    check_ok(view_list(view, which, args, count_args, &list, &count, arena, &err));
}

static void first_queries(Load *load) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    View *view = NULL;
    Err err = {0};
    double start = now_ms();
    check_ok(view_open(&view, load->kit->dir.path, &load->kit->clock.base, &err));
    double opened = now_ms();
    ViewArg from[] = {VIEW_INT(clock_wall(&load->kit->clock.base)), VIEW_INT(20)};
    query(view, arena, VIEW_orgs, NULL, 0);
    query(view, arena, VIEW_notices_now, from, 1);
    query(view, arena, VIEW_events_from, from, 2);
    query(view, arena, VIEW_paths, NULL, 0);
    printf("view: opened %.1f first queries %.1f\n", opened - start, now_ms() - opened);
    view_close(view);
}

int main(int argc, char **argv) {
    int64_t records = argc > 1 ? strtoll(argv[1], NULL, 10) : 20000;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Load load = {.kit = kit, .records = records, .epoch = "1-aa"};
    load_all(&load, "first load");
    first_queries(&load);
    first_queries(&load);
    load.epoch = "2-bb";
    load_all(&load, "loaded again");
    return 0;
}
