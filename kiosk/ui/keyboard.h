/* Text fields and the keyboard on the screen. Text lives in the Ui by key, until ui_forget or field_clear
 * overwrites it. */
#pragma once

#include "kiosk/ui/widgets.h"

enum { FIELD_TEXT_MAX = 1000, FIELDS_MAX = 8 };

typedef struct Field {
    Str key;
    Str label;       /* spoken, and what the robot taps */
    Str placeholder; /* shown while empty, ink2 */
    const char *icon;
    bool in_use, wrong;
    bool lines; /* grows downwards: rect is what it may use */
} Field;

bool ui_field(Ui *ui, Rect rect, Field field); /* true when touched: put it in use */
Str ui_field_text(Ui *ui, Str key);            /* valid until the next change */
void ui_field_set(Ui *ui, Str key, Str text);
void ui_field_clear(Ui *ui, Str key); /* overwritten, not only emptied */
void ui_code_dots(Ui *ui, Rect rect, Str key,
                  int at_least); /* a PIN as dots: as many hollow ones as are expected */

typedef enum KeyboardKind { KEYBOARD_TEXT, KEYBOARD_CODE /* ten digits and erase */ } KeyboardKind;

typedef struct Keyboard {
    KeyboardKind kind;
    Str field;      /* key of the field that is written into */
    Str done_label; /* « Continuer »; absent: no such key */
    bool done_off;
    int max_bytes; /* 0 = FIELD_TEXT_MAX */
    bool capitals; /* first letter of each word becomes a capital: names */
} Keyboard;

typedef enum KeyboardTouched { KEYBOARD_NONE, KEYBOARD_CHANGED, KEYBOARD_DONE } KeyboardTouched;

int ui_keyboard_height(
    const Ui *ui, KeyboardKind kind); /* lay the rest of the screen out above it: it never covers its field */
/* AZERTY (also English: one keyboard everywhere); accents by long press; a page of digits and signs. */
KeyboardTouched ui_keyboard(Ui *ui, Rect rect, Keyboard keyboard);
