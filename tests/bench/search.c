/* Search as you type over COUNT records: how long a letter takes to be answered, how long a step of indexing
 * holds up the screen. Prints one line of JSON.
 *
 *   bench_search COUNT [FOLDER OF MARKDOWN]
 *
 * Records are passages of the sample's booklet, so that words are as frequent as in French; questions are
 * passages too, typed letter by letter. Indexing runs in steps of STEP_MS, as on the kiosk. */
#include "common/replica/search.h"
#include "common/base/file.h"
#include "common/base/rng.h"
#include "common/base/utf8.h"
#include "common/db/db.h"
#include "common/replica/files.h"
#include "common/replica/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
    WORDS_MAX = 100000,
    QUESTIONS = 300,
    LETTERS_MAX = 24,
    TIMES_MAX = 100000,
    STEP_MS = 4,
    BODY_WORDS = 180
};

typedef struct Moment {
    double wall_ms, cpu_ms;
} Moment;

typedef struct Times {
    double wall_ms[TIMES_MAX], cpu_ms[TIMES_MAX];
    size_t count;
} Times;

typedef struct Corpus {
    Str words[WORDS_MAX];
    size_t count;
} Corpus;

static double ms_of(clockid_t clock) {
    struct timespec at;
    clock_gettime(clock, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

/* On a machine with other work the processor's time says more than the wall's. */
static Moment now_at(void) {
    return (Moment){ms_of(CLOCK_MONOTONIC), ms_of(CLOCK_PROCESS_CPUTIME_ID)};
}

static void need(Status status, const Err *err) {
    if (status == OK) return;
    fprintf(stderr, "bench_search: %s\n", err->text);
    exit(1);
}

static void note(Times *times, Moment from) {
    Moment to = now_at();
    if (times->count == TIMES_MAX) return;
    times->wall_ms[times->count] = to.wall_ms - from.wall_ms;
    times->cpu_ms[times->count++] = to.cpu_ms - from.cpu_ms;
}

static int by_value(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_times(const char *name, Times *times) {
    size_t n = times->count;
    qsort(times->wall_ms, n, sizeof(double), by_value);
    qsort(times->cpu_ms, n, sizeof(double), by_value);
    printf("\"%s\":{\"count\":%zu,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"max_ms\":%.2f,\"cpu_p50_ms\":%.2f,\"cpu_"
           "p99_ms\":%.2f}",
           name, n, times->wall_ms[n / 2], times->wall_ms[n * 99 / 100], times->wall_ms[n - 1],
           times->cpu_ms[n / 2], times->cpu_ms[n * 99 / 100]);
}

/* ---- records ---- */

static void read_words(Corpus *corpus, Arena *arena, const char *folder) {
    Err err;
    const char **names;
    size_t count;
    need(dir_list(arena, folder, 1000, &names, &count, &err), &err);
    for (size_t i = 0; i < count; i++) {
        Str text, line, word;
        need(file_read(arena, path_join(arena, folder, names[i]), 1 << 20, &text, &err), &err);
        while (str_cut(&text, '\n', &line))
            while (str_cut(&line, ' ', &word))
                if (word.len > 0 && corpus->count < WORDS_MAX && !str_has(word, '"') && !str_has(word, '\\'))
                    corpus->words[corpus->count++] = word;
    }
    if (corpus->count < 1000) {
        fprintf(stderr, "bench_search: there are too few words in %s\n", folder);
        exit(1);
    }
}

static Str passage(const Corpus *corpus, Rng *rng, Arena *arena, size_t words) {
    size_t from = rng_below(rng, corpus->count - words);
    AUTO(buf_free) Buf out = buf_new(64 * 1024);
    for (size_t i = 0; i < words; i++) {
        if (i > 0) buf_add_byte(&out, ' ');
        buf_add(&out, corpus->words[from + i]);
    }
    return str_copy(arena, buf_str(&out));
}

static Str document(const Corpus *corpus, Rng *rng, Arena *arena, int kind) {
    Str body = passage(corpus, rng, arena, kind == 2 ? 20 : BODY_WORDS),
        title = passage(corpus, rng, arena, 5);
    if (kind == 0)
        return str_print(arena, "{\"body\":\"%.*s\",\"chapter\":\"Banc\",\"order\":1,\"title\":\"%.*s\"}",
                         STR_FORMAT(body), STR_FORMAT(title));
    if (kind == 1)
        return str_print(
            arena,
            "{\"body\":\"%.*s\",\"ends\":1764072000000,\"org\":\"a\",\"place\":\"Salle du Conseil\","
            "\"starts\":1764064800000,\"status\":\"planned\",\"title\":\"%.*s\",\"type\":\"training\"}",
            STR_FORMAT(body), STR_FORMAT(title));
    return str_print(arena, "{\"org\":\"a\",\"state\":\"visible\",\"text\":\"%.*s %.*s\",\"votes\":1}",
                     STR_FORMAT(title), STR_FORMAT(body));
}

static void put_record(Stmt *put, const Corpus *corpus, Rng *rng, int number) {
    static const char *const names[] = {"page", "event", "idea"};
    Err err;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    stmt_bind_text(put, 1, str_of(names[number % 3]));
    stmt_bind_text(put, 2, str_print(arena, "banc-%d", number));
    stmt_bind_text(put, 3, str_print(arena, "%064d", number));
    stmt_bind_text(put, 4, document(corpus, rng, arena, number % 3));
    need(stmt_run(put, &err), &err);
}

static void make_replica(const char *dir, Arena *arena, const Corpus *corpus, int count) {
    Err err;
    Rng rng = rng_seeded(1);
    AUTO(db_close_auto) Db *db = NULL;
    AUTO(stmt_close_auto) Stmt *put = NULL;
    AUTO(tx_end) Tx *tx = NULL;
    need(db_open(&db, path_join(arena, dir, REPLICA_LINK), &(DbOptions){.mode = DB_WRITE}, &err), &err);
    need(tables_make(db, &err), &err);
    need(stmt_open(&put, db,
                   "INSERT INTO record(kind, id, scope, seq, hash, doc) VALUES(?1, ?2, 'public', 1, ?3, ?4)",
                   &err),
         &err);
    need(tx_begin(&tx, db, &err), &err);
    for (int i = 0; i < count; i++) put_record(put, corpus, &rng, i);
    need(tx_commit(tx, &err), &err);
}

/* ---- measuring ---- */

static void index_all(Search *search, Times *steps) {
    for (bool more = true; more;) {
        Moment from = now_at();
        more = search_step(search, STEP_MS);
        note(steps, from);
    }
}

static void type_question(Search *search, Str typed, Times *letters) {
    size_t at = 0;
    for (int letter = 0; letter < LETTERS_MAX && utf8_next(typed, &at) >= 0; letter++) {
        SearchResults out;
        AUTO(arena_close_auto) Arena *arena = arena_open();
        SearchQuestion question = {.typed = str_first(typed, at), .lang = STR("fr"), .now = 1764064000000};
        Moment from = now_at();
        search_find(search, &question, arena, &out);
        note(letters, from);
    }
}

static void ask_all(Search *search, const Corpus *corpus, Times *letters) {
    Rng rng = rng_seeded(2);
    for (int i = 0; i < QUESTIONS; i++) {
        AUTO(arena_close_auto) Arena *arena = arena_open();
        type_question(search, passage(corpus, &rng, arena, 1 + rng_below(&rng, 4)), letters);
    }
}

static double megabytes(Arena *arena, const char *dir) {
    FILE *file = fopen(path_join(arena, dir, SEARCH_FILE), "r");
    if (!file || fseek(file, 0, SEEK_END) != 0) return 0;
    double bytes = (double)ftell(file);
    fclose(file);
    return bytes / 1e6;
}

static void measure(const char *dir, Arena *arena, const Corpus *corpus, int count) {
    Times *steps = calloc(1, sizeof(Times)), *again = calloc(1, sizeof(Times)),
          *letters = calloc(1, sizeof(Times));
    Search *search = search_open(dir, clock_system());
    Moment from = now_at();
    index_all(search, steps);
    Moment built = now_at();
    search_close(search);
    search = search_open(dir, clock_system());
    index_all(search, again);
    ask_all(search, corpus, letters);
    printf("{\"records\":%d,\"build_ms\":%.0f,\"build_cpu_ms\":%.0f,\"index_mb\":%.1f,", count,
           built.wall_ms - from.wall_ms, built.cpu_ms - from.cpu_ms, megabytes(arena, dir));
    print_times("build_step", steps);
    printf(",");
    print_times("compare_step", again);
    printf(",");
    print_times("letter", letters);
    printf("}\n");
    search_close(search);
    free(steps);
    free(again);
    free(letters);
}

static void remove_all(const char *dir, Arena *arena) {
    Err err;
    const char **names;
    size_t count;
    need(dir_list(arena, dir, 100, &names, &count, &err), &err);
    for (size_t i = 0; i < count; i++) unlink(path_join(arena, dir, names[i]));
    rmdir(dir);
}

int main(int argc, char **argv) {
    char dir[] = "/tmp/bench_search_XXXXXX";
    int count = argc > 1 ? atoi(argv[1]) : 0;
    if (count <= 0) {
        fprintf(stderr, "usage: bench_search COUNT [FOLDER]\n");
        return 2;
    }
    if (!mkdtemp(dir)) return 1;
    Arena *arena = arena_open();
    Corpus *corpus = ARENA_NEW(arena, Corpus);
    read_words(corpus, arena, argc > 2 ? argv[2] : RELAIS_ASSETS_DIR "/content/orleans/livret");
    make_replica(dir, arena, corpus, count);
    measure(dir, arena, corpus, count);
    remove_all(dir, arena);
    arena_close(arena);
    return 0;
}
