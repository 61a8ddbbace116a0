#include "kiosk/app/speech.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define SPEAKER "espeak-ng"

extern char **environ;

enum { PROGRAM_PATH_MAX = 1024 };

struct Speech {
    char program[PROGRAM_PATH_MAX]; /* "" where it is not installed */
    pid_t child;                    /* 0: nobody speaks */
};

static void find_program(Speech *speech) {
    Str rest = str_of(getenv("PATH")), dir = {0};
    while (str_cut(&rest, ':', &dir)) {
        if (!dir.len || dir.len + sizeof SPEAKER + 1 > sizeof speech->program) continue;
        memcpy(speech->program, dir.at, dir.len);
        memcpy(speech->program + dir.len, "/" SPEAKER, sizeof "/" SPEAKER);
        if (access(speech->program, X_OK) == 0) return;
    }
    speech->program[0] = '\0';
}

void speech_open(Speech **out) {
    Speech *speech = calloc(1, sizeof *speech);
    if (!speech) abort();
    find_program(speech);
    *out = speech;
}

void speech_close(Speech *speech) {
    if (!speech) return;
    speech_stop(speech);
    free(speech);
}

bool speech_can(const Speech *speech) {
    return speech->program[0] != '\0';
}

bool speech_is_speaking(Speech *speech) {
    if (speech->child && waitpid(speech->child, NULL, WNOHANG) != 0) speech->child = 0;
    return speech->child != 0;
}

void speech_stop(Speech *speech) {
    if (!speech_is_speaking(speech)) return;
    kill(speech->child, SIGKILL);
    while (waitpid(speech->child, NULL, 0) < 0 && errno == EINTR) continue;
    speech->child = 0;
}

static Status spawn(Speech *speech, int input, Lang lang, Err *err) {
    const char *const arguments[] = {SPEAKER, "-v", lang_code(lang), "--stdin", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    int failed = posix_spawn(&speech->child, speech->program, &actions, NULL,
                             (char *const *)(uintptr_t)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (!failed) return OK;
    speech->child = 0;
    return err_from_errno(err, failed, "%s", speech->program);
}

/* A socket, not a pipe: a child that died must not send us a signal. It holds SPEECH_MAX, so nobody waits. */
static Status hand_over(Speech *speech, Str text, Lang lang, int ends[2], Err *err) {
    TRY(spawn(speech, ends[1], lang, err));
    if (send(ends[0], text.at, text.len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return err_from_errno(err, errno, "what is to be read aloud");
    return OK;
}

Status speech_say(Speech *speech, Str text, Lang lang, Err *err) {
    int ends[2];
    speech_stop(speech);
    if (!speech_can(speech)) return err_set(err, E_NOTFOUND, SPEAKER " is not installed");
    if (!text.len) return OK;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return err_from_errno(err, errno, "a way to " SPEAKER);
    Status status = hand_over(speech, str_first(text, SPEECH_MAX), lang, ends, err);
    close(ends[0]);
    close(ends[1]);
    return status;
}
