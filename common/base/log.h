/* One line on standard error: time, level, what. Library folders do not log; who can say what it means to the
 * user does. Never a secret, never a name of a person. */
#pragma once

#include "common/base/err.h"

typedef enum LogLevel { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG } LogLevel;

void log_set_level(LogLevel level);
bool log_level_from_name(const char *name, LogLevel *out); /* error warning info debug */
void log_line(LogLevel level, const char *format, ...) PRINTF(2, 3);

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)
