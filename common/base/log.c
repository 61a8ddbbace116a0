#include "common/base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const level_names[] = {"error", "warning", "info", "debug"};

static _Atomic LogLevel shown_level = LOG_INFO;

void log_set_level(LogLevel level) {
    shown_level = level;
}

bool log_level_from_name(const char *name, LogLevel *out) {
    for (size_t i = 0; i < COUNT(level_names); i++) {
        if (strcmp(name, level_names[i]) != 0) continue;
        *out = (LogLevel)i;
        return true;
    }
    return false;
}

static size_t put_time(char *line, size_t size) {
    struct timespec now;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    return strftime(line, size, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

/* What came from outside must not be able to look like a second line. */
static void flatten(char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F) *text = ' ';
}

void log_line(LogLevel level, const char *format, ...) {
    enum { LINE_MAX_BYTES = 1024 };
    char line[LINE_MAX_BYTES];
    if (level > shown_level) return;
    size_t at = put_time(line, sizeof(line));
    at += (size_t)snprintf(line + at, sizeof(line) - at, " %s ", level_names[level]);
    va_list args;
    va_start(args, format);
    vsnprintf(line + at, sizeof(line) - at - 1, format, args);
    va_end(args);
    flatten(line);
    size_t len = strlen(line);
    line[len++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, len); /* one write, so that lines of threads do not mix */
    (void)ignored;
}
