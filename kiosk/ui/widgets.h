/* The components of the look, each with its states. All text comes from the caller, already in the person's
 * language.
 *
 * `rect` is the face; what can be touched adds EDGE below. A `key` makes the id stable where labels repeat or
 * change; absent, the label serves. Icons are names of assets/icons/icons.tsv; NULL is none. Heights depend
 * on the text: ask the _height function, or use what the drawing function returns. */
#pragma once

#include "kiosk/ui/text.h"

/* ---- shapes and small things ---- */

void ui_fill(Ui *ui, Rect rect, Color color);
void ui_box(Ui *ui, Rect rect, Color fill, int radius, Color border, int border_width);
void ui_circle(Ui *ui, int cx, int cy, int radius, Color fill, Color border, int border_width);
void ui_stroke(Ui *ui, int x0, int y0, int x1, int y1, int width, Color color);
void ui_icon(Ui *ui, Rect square, const char *icon, Color color); /* 0 = accent */
void ui_icon_thin(Ui *ui, Rect square, const char *icon, Color color, int stroke_tenths);
void ui_separator(Ui *ui, int x, int y, int w);
void ui_card(Ui *ui, Rect rect); /* informs: no edge */
void ui_touch_card(Ui *ui, Rect rect,
                   bool pressed); /* the face of something touchable; the content is the caller's */

typedef enum Tone {
    TONE_NEUTRAL,
    TONE_ACCENT,
    TONE_OK,
    TONE_SIGNAL,
    TONE_BAD,
    TONE_FULL_SIGNAL /* amber filled: « 4 places » */
} Tone;

int ui_tag_width(const Ui *ui, Str label);
int ui_tag_height(const Ui *ui);
Rect ui_tag(Ui *ui, int x, int y, Str label, Tone tone); /* returns its rectangle */
void ui_tag_right(Ui *ui, int right, int y, Str label, Tone tone);

/* ---- what is pressed ---- */

typedef enum ButtonKind {
    BUTTON_SECONDARY,
    BUTTON_PRIMARY,       /* one a screen */
    BUTTON_SIGNAL,        /* welcome day only */
    BUTTON_DANGER,        /* outlined in bad */
    BUTTON_DANGER_CONFIRM /* filled bad: only inside its own confirmation */
} ButtonKind;

typedef struct Button {
    ButtonKind kind;
    Str label, key;
    const char *icon;       /* before the label */
    const char *icon_after; /* chevrons */
    bool large;             /* label M: « Je m'inscris » */
    bool disabled;
} Button;

bool ui_button(Ui *ui, Rect face, Button button);
int ui_button_width(const Ui *ui, Button button); /* natural, at least BUTTON_MIN_W */
int ui_button_height(const Ui *ui);               /* BUTTON_H, BUTTON_SMALL_H on small */
bool ui_arrow_button(Ui *ui, Rect face, const char *icon, Str spoken, bool disabled); /* bare chevron */
/* Buttons of equal height at the bottom of rect, in columns; the index of the one pressed, or -1. */
int ui_button_row(Ui *ui, Rect rect, const Button *buttons, int count);

bool ui_tile(Ui *ui, Rect face, Str label,
             const char *icon); /* layout by its size: large, reach (flat), small */

typedef struct Chip {
    Str label, key;
    const char *icon;
    bool on, opens_list;
} Chip;

int ui_chip_width(const Ui *ui, Chip chip);
bool ui_chip(Ui *ui, Rect rect, Chip chip);
int ui_chips(Ui *ui, Rect *area, const Chip *chips,
             int count); /* flowing; cuts their height off *area; pressed index or -1 */

int ui_tabs_width(const Ui *ui, const Str *labels, int count);
int ui_tabs(Ui *ui, Rect trough, const Str *labels, int count, int selected); /* index touched, or -1 */
bool ui_side_item(Ui *ui, Rect rect, Str label, const char *icon, bool on);

typedef struct Switch {
    Str title, subtitle;
    const char *icon;
    bool on;
} Switch;

int ui_switch_height(Ui *ui, int width, Switch row);
bool ui_switch(Ui *ui, Rect face, Switch row); /* true when it is to be toggled */

/* ---- rows and cards ---- */

typedef enum TickState { TICK_NONE, TICK_OFF, TICK_ON, TICK_PROVISIONAL } TickState;

typedef struct ListRow {
    Str title, subtitle, key;
    Str note;               /* at the right, ink2 */
    const char *icon;       /* at the left */
    const char *icon_right; /* type icon or "chev_droite" */
    Str tag;
    Tone tag_tone;
    bool bold;                 /* the title */
    bool done;                 /* ink2 */
    bool plain;                /* not touchable: no edge */
    TickState tick;            /* its own target at the left */
    Str tick_spoken;           /* what the robot and speech call it */
    Str vote_count, vote_word; /* « 47 », « voix »: the vote target at the left instead of a tick */
    bool voted, vote_disabled; /* disabled: a number to read, part of what opens the row */
} ListRow;

typedef enum RowTouched { ROW_NONE, ROW_OPEN, ROW_TICK } RowTouched;

int ui_row_height(Ui *ui, int width, const ListRow *row); /* of the face, without EDGE */
RowTouched ui_row(Ui *ui, Rect face, const ListRow *row);

typedef enum EventState {
    EVENT_FREE,
    EVENT_FULL,
    EVENT_PLAIN /* by invitation, RISE */,
    EVENT_PAST,
    EVENT_CANCELLED,
    EVENT_MINE,
    EVENT_PROVISIONAL
} EventState;

typedef struct EventCard {
    Str when, title, key;
    Str by;           /* « par Saran » */
    Str state_text;   /* « 4 places », « complet », « annulé » */
    const char *icon; /* of the state; NULL: the usual one */
    EventState state;
} EventCard;

int ui_event_card_height(Ui *ui, int width, const EventCard *card);
bool ui_event_card(Ui *ui, Rect face, const EventCard *card);

typedef struct TodayRow {
    Str when, title, key;
    Str places;     /* amber tag */
    Str note;       /* « sur invitation » */
    bool two_lines; /* portrait and small: when and tag above the title */
} TodayRow;

int ui_today_row_height(Ui *ui, int width, const TodayRow *row);
bool ui_today_row(Ui *ui, Rect face, const TodayRow *row);

int ui_fact(Ui *ui, Rect area, const char *icon, Str text, bool bold,
            Color color); /* icon + words; 0 = ink; height used */
int ui_fact_height(Ui *ui, int width, Str text, bool bold);
int ui_figure_height(Ui *ui, int width, Str words);
void ui_figure(Ui *ui, Rect rect, Str figure, Str words); /* card with an L figure and what it counts */
int ui_empty_height(Ui *ui, int width, Str title, Str sentence);
void ui_empty(Ui *ui, Rect rect, const char *icon, Str title, Str sentence);

typedef enum BannerKind {
    BANNER_STALE,
    BANNER_PROVISIONAL,
    BANNER_OFFLINE,
    BANNER_ERROR,
    BANNER_INFO,
    BANNER_OK
} BannerKind;

int ui_banner_height(Ui *ui, int width, Str bold, Str text);
int ui_banner(Ui *ui, Rect area, BannerKind kind, Str bold,
              Str text); /* bold words first, then text; height used */

typedef enum ResultKind { RESULT_CONFIRMED, RESULT_KEPT, RESULT_WAITING, RESULT_REFUSED } ResultKind;

/* The coloured panel of a result; wide: 640 at the left of the content, portrait: a band at its top. Returns
 * the rest. */
Rect ui_result_panel(Ui *ui, ResultKind kind, Str title, Str sentence);

typedef struct QrCard {
    Str content; /* what is encoded */
    Str title, sentence;
} QrCard;

/* Words beside the code where the width allows, else below; always black on white. False when the content
 * does not fit a code that a phone reads from there: then nothing is drawn. */
bool ui_qr_card(Ui *ui, Rect rect, QrCard card);

typedef struct Picture {
    Str name; /* an asset ("art-salle.svg") or "blob:<sha256>" */
    Str caption, spoken;
    Fit fit;
    int radius;
} Picture;

int ui_picture(Ui *ui, Rect rect, Picture picture); /* caption below rect; returns the height of both */

typedef struct TableColumn {
    Str head;
    int weight; /* share of the width; 0 = what its words need */
    Align align;
} TableColumn;

typedef struct TableCell {
    Str text;
    const char *icon; /* before the text */
    Tone tone;        /* TONE_NEUTRAL: ink */
    bool bold;
} TableCell;

int ui_table_height(Ui *ui, int width, const TableColumn *columns, int column_count, const TableCell *cells,
                    int row_count);
int ui_table(Ui *ui, Rect area, const TableColumn *columns, int column_count, const TableCell *cells,
             int row_count);

/* ---- the line with stops ---- */

typedef enum StopState { STOP_DONE, STOP_NOW, STOP_TO_COME, STOP_CANCELLED } StopState;

typedef struct Stop {
    StopState state;
    Str label, key;
} Stop;

void ui_stop(Ui *ui, int cx, int cy, StopState state); /* of lists and weeks; its line is the caller's */
int ui_path(Ui *ui, Rect rect, const Stop *stops, int count,
            int selected); /* horizontal, labels below (200 high); touched or -1 */
void ui_week_line(Ui *ui, Rect rect, const Stop *stops,
                  int count); /* 5 to 7 columns; labels below; not touchable (112 high) */

typedef struct ProgrammeRow {
    Str time, title, note;
    StopState state;
} ProgrammeRow;

int ui_programme(Ui *ui, Rect area, const ProgrammeRow *rows,
                 int count); /* vertical; returns the height used */

/* ---- meters ---- */

typedef struct SeatMeter {
    int seats, free, free_own; /* free_own of the free ones are for one's own org */
    Str words;                 /* « 4 places libres sur 12 » */
    Str own_words;             /* « dont 2 pour Orléans », or absent */
} SeatMeter;

int ui_seat_meter_height(const Ui *ui);
int ui_seat_meter(Ui *ui, Rect area, SeatMeter meter); /* height used */
void ui_progress(Ui *ui, Rect rect, int part, int whole, bool on_accent);
void ui_hours(Ui *ui, Rect rect, const bool *good, int count); /* the link of the last hours, one cell each */
void ui_countdown(Ui *ui, Rect square, int left, int whole, Str figure);

/* ---- shell ---- */

typedef enum Freshness { FRESH, STALE, OFFLINE } Freshness;

typedef struct TopBar {
    Str org, place;
    Str freshness_words;
    Freshness freshness;
    Str date, clock;
} TopBar;

void ui_top_bar(Ui *ui, const TopBar *bar);

typedef struct BottomBar {
    Str session_name, session_word; /* « Nadia B. », « terminer »; absent: nobody (see ui_set_session) */
    bool back_off, home_off;
} BottomBar;

typedef enum BarTouched { BAR_NONE, BAR_BACK, BAR_HOME, BAR_SESSION, BAR_ACCESS, BAR_HELP } BarTouched;

BarTouched ui_bottom_bar(Ui *ui, const BottomBar *bar);

/* Sunk over the content, a card 1120 wide (all but the margins where that is narrower), rising once. Returns
 * the inside. */
Rect ui_dialog(Ui *ui, Str key, int h);

void ui_pill(Ui *ui, Rect rect, Str label, const char *icon); /* attract: « Touchez pour commencer » */

/* ---- scrolling ---- */

typedef struct ScrollArea {
    Rect content; /* where to draw: as wide as the viewport less the page buttons, moved up by what is
                     scrolled */
    Rect viewport;
    uint32_t id;
} ScrollArea;

/* page_words stand between the page buttons (« page 1 sur 34 »); absent: nothing. Buttons appear when the
 * content is longer than the viewport (known from the frame before). Everything between begin and end is
 * clipped to the viewport. */
ScrollArea ui_scroll_begin(Ui *ui, Rect viewport, Str key);
void ui_scroll_end(Ui *ui, ScrollArea area, int content_h, Str page_words);
/* Of rows of one height: which are to be drawn; page turns then keep whole rows. */
void ui_scroll_rows(Ui *ui, const ScrollArea *area, int row_h, int gap, int count, int *first,
                    int *last_plus_one);
int ui_scroll_page(Ui *ui, Str key, int *pages); /* 1-based page now in sight; for page_words */
void ui_scroll_to(Ui *ui, Str key, int y);       /* jumps; clamped when drawn */

/* A list as long as it likes in a scroll area of its own: only rows in sight are drawn, and only some of the
 * others measured a frame, so that ten thousand rows cost what ten do. Until it was measured a row is taken
 * to be as high as the others are. */
typedef struct List {
    Str key;
    int count, gap;
    void *context;
    int (*height)(void *context, Ui *ui, int index, int width); /* with its edge */
    void (*draw)(void *context, Ui *ui, int index, Rect rect);
    Str page_words;
} List;

void ui_list(Ui *ui, Rect viewport, List list);
