/* sim --seeds 1..500 --steps 200: runs worlds, each in a process of its own batch, and tells which failed and
 * how few steps it takes. See README.md. */
#include "tests/sim/disk.h"
#include "tests/sim/script.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 16, JOBS_MAX = 64, STEPS_USUAL = 250, SHRINK_SECONDS = 120, SIGNAL_TEXT = 64 };

static const char *const situation_texts[] = {
#define SITUATION_TEXT(name, text) text,
    SITUATIONS(SITUATION_TEXT)};

static void *shared(size_t bytes) {
    void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) abort();
    return at;
}

static time_t now_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* ---- one run in a process of its own ---- */
static void wait_for(pid_t child, SimResult *results, size_t count) {
    int status = 0;
    waitpid(child, &status, 0);
    for (size_t i = 0; i < count; i++) {
        if (results[i].finished) continue;
        results[i].failed = true;
        if (!results[i].failure[0])
            snprintf(results[i].failure, FAILURE_BYTES, "the process died of signal %d (exit %d)",
                     WIFSIGNALED(status) ? WTERMSIG(status) : 0, WIFEXITED(status) ? WEXITSTATUS(status) : 0);
        return; /* what comes behind it was not begun */
    }
}

static void run_apart(uint64_t seed, const Script *script, const SimOptions *options, SimResult *result) {
    memset(result, 0, sizeof(*result));
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        sim_run(seed, script, options, result);
        fflush(stdout);
        _exit(0);
    }
    wait_for(child, result, 1);
}

/* ---- shrinking ---- */
static bool still_fails(uint64_t seed, const Script *script, const SimOptions *options, SimResult *result) {
    SimOptions quiet = *options;
    quiet.trace = false;
    run_apart(seed, script, &quiet, result);
    return result->failed;
}

/* Takes out `width` steps at a time, from the end; what is not needed stays out. */
static bool drop_steps(uint64_t seed, Script *script, size_t width, const SimOptions *options,
                       SimResult *result, time_t until) {
    bool any = false;
    SimStep *kept = malloc(width * sizeof(SimStep));
    for (size_t end = script->count; kept && end > 0 && now_s() < until;
         end = end > width ? end - width : 0) {
        size_t from = end > width ? end - width : 0, present = 0;
        memcpy(kept, script->steps + from, (end - from) * sizeof(SimStep));
        for (size_t i = from; i < end; i++) {
            present += script->steps[i].kind != STEP_KIND_COUNT;
            script->steps[i].kind = STEP_KIND_COUNT;
        }
        if (present && still_fails(seed, script, options, result)) {
            any = true;
            continue;
        }
        memcpy(script->steps + from, kept, (end - from) * sizeof(SimStep));
    }
    free(kept);
    return any;
}

static void shrink(uint64_t seed, Script *script, const SimOptions *options, SimResult *result) {
    time_t until = now_s() + SHRINK_SECONDS;
    size_t width = script->count / 2;
    while (width > 0 && now_s() < until) {
        bool any = drop_steps(seed, script, width, options, result, until);
        if (!any || width > 1) width /= 2;
    }
}

static void print_only(const Script *script) {
    const char *before = "";
    for (size_t i = 0; i < script->count; i++) {
        if (script->steps[i].kind == STEP_KIND_COUNT) continue;
        printf("%s%zu", before, i);
        before = ",";
    }
}

static void report(uint64_t seed, const SimOptions *options, const SimResult *first, SimResult *scratch) {
    Script script = script_throw(seed, options->steps);
    printf("seed %llu failed: %s\n", (unsigned long long)seed, first->failure);
    if (options->only) script_keep(&script, options->only);
    if (options->shrink) shrink(seed, &script, options, scratch);
    SimOptions loud = *options;
    loud.trace = true;
    run_apart(seed, &script, &loud, scratch);
    printf("seed %llu: %s\nagain: sim --seeds %llu..%llu --steps %zu --only ", (unsigned long long)seed,
           scratch->failure, (unsigned long long)seed, (unsigned long long)seed, options->steps);
    print_only(&script);
    printf("\n");
    free(script.steps);
}

/* ---- many ---- */
typedef struct Job {
    pid_t child;
    uint64_t first;
    size_t count;
    SimResult *results;
} Job;

typedef struct Total {
    uint64_t counts[SITUATION_COUNT], steps, runs, failed, first_failed, differ;
    SimResult first_failure;
} Total;

static void run_one(uint64_t seed, const SimOptions *options, SimResult *result) {
    Script script = script_throw(seed, options->steps);
    if (options->only) script_keep(&script, options->only);
    sim_run(seed, &script, options, result);
    if (options->check_replay && !result->failed) {
        SimResult again;
        sim_run(seed, &script, options, &again);
        result->failed = again.trace_hash != result->trace_hash;
        if (result->failed) snprintf(result->failure, FAILURE_BYTES, "the same seed gave another trace");
    }
    free(script.steps);
}

static void begin_job(Job *job, uint64_t first, const SimOptions *options) {
    uint64_t left = options->last_seed - first + 1;
    job->first = first;
    job->count = left < BATCH ? (size_t)left : BATCH;
    memset(job->results, 0, BATCH * sizeof(SimResult));
    fflush(stdout);
    job->child = fork();
    if (job->child != 0) return;
    for (size_t i = 0; i < job->count; i++) run_one(first + i, options, &job->results[i]);
    fflush(stdout);
    _exit(0);
}

static void add_result(Total *total, uint64_t seed, const SimResult *result) {
    for (size_t i = 0; i < SITUATION_COUNT; i++) total->counts[i] += result->counts[i];
    total->steps += result->steps_done;
    total->runs += result->finished || result->failed;
    if (!result->failed) return;
    total->failed++;
    if (total->failed > 1 && seed > total->first_failed) return;
    total->first_failed = seed;
    total->first_failure = *result;
}

static void end_job(Job *job, Total *total) {
    wait_for(job->child, job->results, job->count);
    for (size_t i = 0; i < job->count; i++) add_result(total, job->first + i, &job->results[i]);
    job->child = 0;
}

static Job *job_of(Job *jobs, int count, pid_t child) {
    for (int i = 0; i < count; i++)
        if (jobs[i].child == child) return &jobs[i];
    return NULL;
}

static void run_all(const SimOptions *options, Total *total) {
    Job jobs[JOBS_MAX] = {{0}};
    int running = 0;
    uint64_t next = options->first_seed;
    time_t began = now_s();
    for (int i = 0; i < options->jobs; i++) jobs[i].results = shared(BATCH * sizeof(SimResult));
    for (;;) {
        bool over = next > options->last_seed || total->failed > 0 ||
                    (options->stop_after_s && now_s() - began >= options->stop_after_s);
        Job *idle = over ? NULL : job_of(jobs, options->jobs, 0);
        if (idle) {
            begin_job(idle, next, options);
            next += idle->count;
            running++;
            continue;
        }
        if (running == 0) return;
        siginfo_t info = {0};
        if (waitid(P_ALL, 0, &info, WEXITED | WNOWAIT)) return;
        Job *done = job_of(jobs, options->jobs, info.si_pid);
        if (!done) return;
        end_job(done, total);
        running--;
    }
}

static void print_counts(const Total *total) {
    for (size_t i = 0; i < SITUATION_COUNT; i++)
        printf("%10llu  %s\n", (unsigned long long)total->counts[i], situation_texts[i]);
}

/* ---- options ---- */
static void usage(void) {
    fprintf(stderr, "sim [--seeds A..B] [--steps N] [--pages N] [--jobs N] [--seconds N] [--only 1,2,3] "
                    "[--trace] [--replay] "
                    "[--no-shrink] [--counts]\n");
    exit(2);
}

static void read_seeds(SimOptions *options, const char *text) {
    char *rest = NULL;
    options->first_seed = options->last_seed = strtoull(text, &rest, 10);
    if (strncmp(rest, "..", 2) == 0) options->last_seed = strtoull(rest + 2, &rest, 10);
    if (*rest || options->last_seed < options->first_seed) usage();
}

static void read_option(SimOptions *options, int option) {
    switch (option) {
    case 's':
        read_seeds(options, optarg);
        return;
    case 'n':
        options->steps = strtoul(optarg, NULL, 10);
        return;
    case 'p':
        options->page_limit = strtoul(optarg, NULL, 10);
        return;
    case 'j':
        options->jobs = atoi(optarg);
        return;
    case 'o':
        options->only = optarg;
        return;
    case 'x':
        options->stop_after_s = atoll(optarg);
        return;
    case 't':
        options->trace = true;
        return;
    case 'r':
        options->check_replay = true;
        return;
    case 'k':
        options->shrink = false;
        return;
    case 'c':
        options->counts = true;
        return;
    default:
        usage();
    }
}

static SimOptions read_options(int count, char **words) {
    static const struct option names[] = {{"seeds", required_argument, NULL, 's'},
                                          {"steps", required_argument, NULL, 'n'},
                                          {"pages", required_argument, NULL, 'p'},
                                          {"jobs", required_argument, NULL, 'j'},
                                          {"only", required_argument, NULL, 'o'},
                                          {"seconds", required_argument, NULL, 'x'},
                                          {"trace", no_argument, NULL, 't'},
                                          {"replay", no_argument, NULL, 'r'},
                                          {"no-shrink", no_argument, NULL, 'k'},
                                          {"counts", no_argument, NULL, 'c'},
                                          {NULL, 0, NULL, 0}};
    SimOptions options = {.first_seed = 1,
                          .last_seed = 100,
                          .steps = STEPS_USUAL,
                          .shrink = true,
                          .jobs = (int)sysconf(_SC_NPROCESSORS_ONLN)};
    for (int option; (option = getopt_long(count, words, "", names, NULL)) != -1;)
        read_option(&options, option);
    if (optind != count || options.jobs < 1 || options.jobs > JOBS_MAX || options.steps == 0) usage();
    return options;
}

int main(int count, char **words) {
    SimOptions options = read_options(count, words);
    Total *total = calloc(1, sizeof(*total));
    if (!total) abort();
    disk_install();
    time_t began = now_s();
    run_all(&options, total);
    if (options.counts) print_counts(total);
    printf("%llu runs, %llu steps, %llu failed, %lld s\n", (unsigned long long)total->runs,
           (unsigned long long)total->steps, (unsigned long long)total->failed, (long long)(now_s() - began));
    if (total->failed)
        report(total->first_failed, &options, &total->first_failure, shared(sizeof(SimResult)));
    int exit_code = total->failed ? 1 : 0;
    free(total);
    return exit_code;
}
