/* exec → first frame: runs a command that prints {"first_frame_ns":<CLOCK_MONOTONIC>,…} on its standard
 * output and prints the milliseconds between the exec and that moment.
 *
 *   bench_first_frame RUNS COMMAND [ARGUMENT…] */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

static int64_t frame_in(FILE *output) {
    char line[65536];
    int64_t at = -1;
    while (fgets(line, sizeof line, output)) {
        const char *found = strstr(line, "\"first_frame_ns\":");
        if (found) at = strtoll(found + strlen("\"first_frame_ns\":"), NULL, 10);
    }
    return at;
}

static int64_t one(char **command) {
    int ends[2];
    if (pipe(ends) != 0) return -1;
    int64_t start = now_ns();
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execv(command[0], command);
        _exit(127);
    }
    close(ends[1]);
    FILE *output = fdopen(ends[0], "r");
    int64_t frame = frame_in(output);
    fclose(output);
    int status = 0;
    waitpid(child, &status, 0);
    return status == 0 && frame > 0 ? frame - start : -1;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fprintf(stderr, "usage: bench_first_frame RUNS COMMAND [ARGUMENT…]\n");
        return 2;
    }
    for (int i = 0; i < atoi(argv[1]); i++) {
        int64_t took = one(argv + 2);
        if (took < 0) {
            fprintf(stderr, "bench_first_frame: %s failed or printed no first_frame_ns\n", argv[2]);
            return 1;
        }
        printf("%.2f\n", (double)took / 1e6);
    }
    return 0;
}
