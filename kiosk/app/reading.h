/* What a screen says, in the order in which it stands there, for the voice. */
#pragma once

#include "kiosk/ui/display_list.h"

typedef struct Reading {
    Rect content; /* what lies outside, the bars, is left out */
    bool secret;  /* somebody says who they are: what is typed is left out, and no key is named */
} Reading;

/* Keys of the keyboard are never read: they would spell what is typed. */
void reading_of(const DisplayList *list, Reading reading, Buf *out);
/* The label of what has the focus of the keypad, absent where nothing has or nothing may be said. */
Str reading_focus(const DisplayList *list, Reading reading, uint32_t *id);
