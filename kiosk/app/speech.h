/* The voice: espeak-ng as a child process. Silent at once when told; where the program is missing, speech_say
 * answers E_NOTFOUND and the screen says so. Texts go through its standard input, never onto a command line,
 * which every user of the machine could read. */
#pragma once

#include "kiosk/i18n/i18n.h"

typedef struct Speech Speech;

enum { SPEECH_MAX = 24 * 1024 };

void speech_open(Speech **out);
void speech_close(Speech *speech); /* silent from then on; NULL is fine */
bool speech_can(const Speech *speech);
CHECKED Status speech_say(Speech *speech, Str text, Lang lang, Err *err); /* in place of what is being said */
void speech_stop(Speech *speech);
bool speech_is_speaking(Speech *speech);
