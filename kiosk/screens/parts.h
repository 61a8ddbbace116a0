/* What several screens say and show alike: events and their seats, projects, headings, lists of rows. */
#pragma once

#include "kiosk/screens/screens.h"

/* ---- words ---- */

static inline Str words(const Stage *stage, Message message) {
    return say(&stage->say, message);
}
#define words_with(stage, message, ...) say_with(&(stage)->say, message, __VA_ARGS__)
/* The parts that are there, with « · » between them. */
Str joined(const Stage *stage, const Str *parts, size_t count);

/* ---- records ---- */

/* All of a query without arguments. */
CHECKED Status load_all(const Stage *stage, ViewQuery query, void **out, size_t *count, Err *err);
CHECKED Status load_by(const Stage *stage, ViewQuery query, Str argument, void **out, size_t *count,
                       Err *err);

/* The field in the language of the stage: tr.<lang>.<field> where the record has it, else French. */
Str in_lang(const Stage *stage, const RecordMeta *meta, const char *field, Str french);
/* The name of a record, or absent: a service, a site, an org. */
Str service_name(const Stage *stage, Str id);
Str org_short_name(const Stage *stage, Str id);

typedef enum EventTime { EVENT_AHEAD, EVENT_RUNNING, EVENT_OVER } EventTime;

typedef struct EventInfo { /* an event with all that is said about it */
    Event event;
    Str title; /* in the person's language */
    EventTime time;
    bool limited; /* has a number of seats */
    int64_t seats, free, free_own, waiting;
    bool pooled;                /* another org's */
    Str by;                     /* its name then */
    bool by_invitation;         /* RISE */
    bool mine, provisional;     /* the identified person's registration */
    RegistrationState my_state; /* absent: none */
    int64_t my_rank;
} EventInfo;

CHECKED Status event_info(const Stage *stage, const Event *event, EventInfo *out, Err *err);
CHECKED Status event_infos(const Stage *stage, const Event *events, size_t count, EventInfo **out, Err *err);
CHECKED Status event_get(const Stage *stage, Str id, EventInfo *out, Err *err);

const char *event_icon(EventType type);
Str event_type_name(const Stage *stage, EventType type);
Str event_full_title(const Stage *stage, const EventInfo *info); /* « iX’Presso « Réunion efficace » » */
Str event_places(const Stage *stage, const EventInfo *info); /* « 4 places », « complet », « annulé »… */
EventState event_state(const EventInfo *info);
bool event_can_register(const Stage *stage, const EventInfo *info);
/* Why the hub, or this kiosk before it, refused. */
Str verdict_words(const Say *speak, Verdict verdict);
Str event_ical(const Stage *stage, const EventInfo *info); /* the iCalendar text of the QR code */
Str project_name(const Stage *stage, int64_t project);     /* the network's five projects */
Str project_short(const Stage *stage, int64_t project);    /* « projet 1 » */

Str tool_type_name(const Stage *stage, ToolType type);
Str tool_phase_name(const Stage *stage, Str phase);
Str idea_state_name(const Stage *stage, const Idea *idea);
Tone idea_state_tone(IdeaState state);
Str rise_state_name(const Stage *stage, RiseState state);
Tone rise_state_tone(RiseState state);

/* ---- drawing ---- */

/* Text set in Markdown, scrolled, with « l’essentiel » before it where there is one; body may be NULL. */
typedef struct Markdown Markdown;
void draw_document(const Stage *stage, Rect area, Str key, Str essential, const Markdown *body);
/* Parses, with pictures no higher than leaves room for words around them. */
CHECKED Status load_markdown(const Stage *stage, Str text, Markdown **out, Err *err);
/* « Rien ici pour l’instant. » */
void draw_nothing(const Stage *stage, Rect area, const char *icon, Message title, Message sentence);

/* What lies between the bars within the margins; actions end where the look says, their edge included. */
Rect page_body(const Stage *stage);
/* Buttons whose faces fill the row; the edge lies below. The index of the one pressed, or -1. */
int draw_buttons(const Stage *stage, Rect row, const Button *buttons, int count);
int draw_title(const Stage *stage, Rect area, Str title); /* L, wrapped; returns the height used */
/* Title at the left, and under it one sentence if there is one; returns the rest of the area. */
Rect draw_heading(const Stage *stage, Rect area, Str title, Str sentence);
bool draw_event_card(const Stage *stage, Rect face, const EventInfo *info, bool with_day);
int event_card_height(const Stage *stage, int width, const EventInfo *info, bool with_day);
int draw_event_facts(const Stage *stage, Rect area, const EventInfo *info,
                     bool brief); /* when, where, who for, with whom */
bool draw_ical(const Stage *stage, Rect rect, const EventInfo *info);

/* Where a row is narrow, its tag becomes part of the second line. */
void fit_tag(const Stage *stage, int width, ListRow *row);

/* A scrolling list of rows: index of the one touched, or -1. row gets the index-th. */
typedef struct RowList {
    Str key;
    size_t count;
    void (*row)(const Stage *stage, const void *data, size_t index, ListRow *out);
    const void *data;
} RowList;
int draw_rows(const Stage *stage, Rect area, const RowList *list);
/* Words between page buttons: « page 1 sur 3 ». */
Str page_words(const Stage *stage, Str key);
Action open_screen(ScreenId screen, Str arg);
