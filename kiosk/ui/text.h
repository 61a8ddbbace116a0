/* Setting text: wrapping at spaces, after hyphens and slashes; never at U+00A0, U+202F or inside a word that
 * fits. A word wider than the line is broken where it must; nothing is ever cut off. */
#pragma once

#include "kiosk/ui/ui.h"

typedef enum Align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT } Align;

typedef struct Span {
    Str text;
    Font font;
    Color color; /* 0 = ink */
} Span;

typedef struct TextLook {
    Font font;
    Color color; /* 0 = ink */
    Align align;
    bool tight;    /* the closer line distance, for labels on cards and keys */
    int max_lines; /* 0 = all; more are left out at a word, for previews only */
} TextLook;

int ui_text_width(const Ui *ui, Font font, Str text);           /* of one line */
int ui_text_height(Ui *ui, int width, Str text, TextLook look); /* as ui_text would need */
int ui_text(Ui *ui, Rect area, Str text, TextLook look); /* from the top of area; returns the height used */
int ui_text_middle(Ui *ui, Rect area, Str text, TextLook look); /* centred up and down */
int ui_rich(Ui *ui, Rect area, const Span *spans, size_t count,
            TextLook look); /* look.font gives the line distance */
int ui_rich_height(Ui *ui, int width, const Span *spans, size_t count, TextLook look);
Rect ui_label(Ui *ui, int x, int baseline_y, Str text, Font font,
              Color color);                      /* one line, unwrapped; returns its box */
int ui_widest_word(Ui *ui, Font font, Str text); /* what a column must hold at least */
