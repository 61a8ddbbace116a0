/* The frame: what a screen's draw is given. Immediate: widgets are called each frame with where and what, add
 * items to the display list and say whether they were activated. What must outlive a frame (scroll positions,
 * text being typed, focus, the finger) is kept in here by id, and wiped by ui_forget.
 *
 *     ui_begin(ui, &input, now);           one event, or none (INPUT_NONE) when time has moved
 *     Action action = screen->draw(ui);
 *     UiResult result = ui_end(ui);        again: draw once more before waiting; wake_ms: when something
 * moves by itself gfx_paint(gfx, ui->list);
 *
 * Every event gets a frame of its own; painting may be left out while more events wait. A widget acts on
 * release; sliding off it cancels; its pressed look is in the frame of the touch. Strings handed to widgets
 * are copied where they are kept. */
#pragma once

#include "kiosk/ui/display_list.h"
#include "kiosk/ui/screen.h"
#include "kiosk/ui/theme.h"

typedef enum InputType {
    INPUT_NONE,
    INPUT_DOWN, /* x, y */
    INPUT_MOVE,
    INPUT_UP,
    INPUT_CANCEL,   /* the finger is gone without a release */
    INPUT_NEXT,     /* tactile keypad: focus forward */
    INPUT_PREVIOUS, /* focus back */
    INPUT_ACTIVATE, /* press what has the focus */
    INPUT_TEXT,     /* one character for the keyboard on the screen; from the robot only */
    INPUT_ERASE     /* the last character goes; from the robot only */
} InputType;

typedef struct Input {
    InputType type;
    int x, y;     /* units */
    char text[8]; /* INPUT_TEXT: UTF-8, NUL-terminated */
} Input;

/* How wide one line of text is, in units, rounded up. gfx gives a real one, tests a simple one. */
typedef struct TextMeasure {
    int (*width)(void *context, Font font, int size, Str text);
    void *context;
} TextMeasure;

/* Words that widgets need of their own; the app fills them from i18n and keeps them alive. */
typedef struct UiLabels {
    Str page_up, page_down;                                       /* spoken, for the bare arrows */
    Str key_shift, key_erase, key_space, key_digits, key_letters; /* Maj, Effacer, espace, 123, abc */
    Str yes, no;                                                  /* of switches */
    Str back, home, access, access_short, help;                   /* bottom bar; access_short in portrait */
} UiLabels;

typedef struct UiInside UiInside;

typedef struct Ui { /* read only for screens */
    Theme theme;
    Screen screen;
    UiLabels labels;
    TextMeasure measure;
    Arena *arena; /* of the frame: free after the next ui_begin */
    DisplayList *list;
    Millis now_ms; /* steady */
    Input input;
    UiInside *inside;
} Ui;

typedef struct UiResult {
    bool again;               /* something changed by what was drawn: draw once more at once */
    Millis wake_ms;           /* steady time at which to draw again without an event; 0 = never */
    bool finger_down, typing; /* for the idle clock: never reset while these hold */
} UiResult;

Ui *ui_open(Screen screen, TextMeasure measure);
void ui_close(Ui *ui);
void ui_set_theme(Ui *ui, ThemeChoice choice);
void ui_set_screen(Ui *ui, Screen screen);
void ui_set_labels(Ui *ui, UiLabels labels);

void ui_begin(Ui *ui, const Input *input, Millis now_ms);
UiResult ui_end(Ui *ui);

/* Forgets everything a person left: typed text (overwritten), focus, scroll positions, the finger. */
void ui_forget(Ui *ui);
/* Forgets focus and finger, when another screen comes; typed text and scroll positions stay. */
void ui_leave_screen(Ui *ui);
/* Whether somebody is identified: portrait then has its session strip above the bar. */
void ui_set_session(Ui *ui, bool open);
/* Lets the content come in from that side (SLIDE_MS): -1 from the left, 1 from the right. Nothing in calm
 * mode. */
void ui_slide(Ui *ui, int side);

/* Names for what follows, so that equal labels are told apart and keep their state: a record's id, a tab. */
void ui_push_key(Ui *ui, Str key);
void ui_pop_key(Ui *ui);
uint32_t ui_id(const Ui *ui, Str key); /* within the names pushed */

void ui_push_clip(Ui *ui, Rect rect);
void ui_pop_clip(Ui *ui);
bool ui_sees(const Ui *ui, Rect rect); /* any part inside the clip; else drawing it can be spared */

/* The base of everything that can be touched; for widgets of one's own. */
typedef struct Target {
    Str label; /* spoken, and what the robot taps */
    Str key;   /* absent: the label */
    Role role;
    bool on, disabled;
} Target;

typedef struct Touched {
    bool pressed, focused, activated;
    bool held; /* the finger has been on it for LONG_PRESS_MS */
    int x, y;  /* where the finger is, while pressed, held or activated */
    uint32_t id;
} Touched;

Touched ui_target(Ui *ui, Rect rect, Target target);
void ui_focus_ring(Ui *ui, Rect rect, int radius);
void ui_wake_at(Ui *ui, Millis when_ms); /* asks for a frame then */

/* Regions of the page. */
int ui_margin(const Ui *ui);
Rect ui_page(const Ui *ui);    /* the whole screen */
Rect ui_content(const Ui *ui); /* between the bars, and above the session strip in portrait */
Rect ui_body(const Ui *ui);    /* the content within margins, actions ending above the bar as designed */
