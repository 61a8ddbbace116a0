/* Every text a person reads on the kiosk: by id from messages.def, in the language they chose, with its
 * numbers, plurals and typography.
 *
 *     say(&stage->say, M_home_today)
 *     say_with(&stage->say, M_seats_free, NUM(4), NUM(12))     « 4 places libres sur 12 »
 *
 * The texts are in assets/i18n/<language>.ini; i18n_open refuses a file in which one is missing or does not
 * fit its arguments. */
#pragma once

#include "common/base/clock.h"
#include "common/base/str.h"
#include "kiosk/i18n/messages.def"

typedef enum Lang { LANG_FR, LANG_EN, LANG_COUNT } Lang;

#define MESSAGE_MEMBER(id, args) M_##id,
typedef enum Message { MESSAGES(MESSAGE_MEMBER) MESSAGE_COUNT } Message;

typedef struct I18n I18n;

enum { I18N_FILE_MAX = 256 * 1024, SAY_MAX = 2000 };

CHECKED Status i18n_open(I18n **out, const char *assets_dir, Err *err);
void i18n_close(I18n *i18n);
const char *lang_code(Lang lang); /* "fr" */
bool lang_of(Str code, Lang *out);

/* What is needed to speak; the arena holds what is said. */
typedef struct Say {
    const I18n *i18n;
    Lang lang;
    Arena *arena;
    Millis now; /* for « aujourd’hui » */
} Say;

typedef struct SayArg {
    char type; /* 'n' number, 's' text: as messages.def says */
    int64_t number;
    Str text;
} SayArg;

#define NUM(value) ((SayArg){'n', (value), {0}})
#define TXT(value) ((SayArg){'s', 0, (value)})

Str say(const Say *say, Message message);
Str say_list(const Say *say, Message message, const SayArg *args, size_t count);
#define say_with(say, message, ...)                                                                          \
    say_list((say), (message), (const SayArg[]){__VA_ARGS__}, COUNT(((const SayArg[]){__VA_ARGS__})))

Str say_number(const Say *say, int64_t number);                 /* « 1 250 » */
Str say_ordinal(const Say *say, int64_t number, bool feminine); /* 1ᵉʳ 1ʳᵉ 2ᵉ; 1st 2nd */

/* The text as it stands in the file, for tests. form: 0 zero, 1 one, 2 other; absent where it has none. */
Str i18n_raw(const I18n *i18n, Lang lang, Message message, int form);
const char *message_name(Message message);
