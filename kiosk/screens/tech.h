/* The technician's pages: what they are given, and who draws which. technician.c holds them together. */
#pragma once

#include "kiosk/screens/parts.h"
#include "kiosk/screens/tech_state.h"

typedef enum TechPage {
    TECH_NETWORK,
    TECH_SYNC,
    TECH_PAIRING,
    TECH_SCREEN,
    TECH_BADGE,
    TECH_STORAGE,
    TECH_JOURNAL,
    TECH_MACHINE,
    TECH_LISTED, /* what follows is opened from a page */
    TECH_MEASURE = TECH_LISTED,
    TECH_NIGHT,
    TECH_PAGE_COUNT
} TechPage;

typedef struct PairingVisit {
    bool typing;    /* the address, although one is known */
    bool unpairing; /* the question is shown */
} PairingVisit;

typedef struct TechVisit {
    PairingVisit pairing;
    int measured_mm; /* of the ruler's line; 0: not touched yet */
} TechVisit;

typedef struct TechData {
    ViewAnswer answer;
    ViewScope *scopes;
    size_t scope_count;
    ViewLink *links;
    size_t link_count;
    Machine machine;
} TechData;

Action tech_draw_network(const Stage *stage, Rect area, const TechData *data, TechVisit *visit);
Action tech_draw_sync(const Stage *stage, Rect area, const TechData *data, TechVisit *visit);
Action tech_draw_pairing(const Stage *stage, Rect area, const TechData *data, TechVisit *visit);
Action tech_draw_screen(const Stage *stage, Rect area, const TechData *data, TechVisit *visit);
Action tech_draw_badge(const Stage *stage, Rect area, const TechData *data, TechVisit *visit);
Action tech_draw_storage(const Stage *stage, Rect area, const TechData *data, TechVisit *visit);
Action tech_draw_journal(const Stage *stage, Rect area, const TechData *data, TechVisit *visit);
Action tech_draw_machine(const Stage *stage, Rect area, const TechData *data, TechVisit *visit);
Action tech_draw_measure(const Stage *stage, Rect area, const TechData *data, TechVisit *visit);
Action tech_draw_night(const Stage *stage, Rect area, const TechData *data, TechVisit *visit);

/* The whole of pairing, here and on the screen of a kiosk that never was. */
Action draw_pairing(const Stage *stage, Rect area, const ViewAnswer *answer, PairingVisit *visit,
                    bool technician);

/* Two columns, what and how it is, scrolled. */
typedef struct Known {
    Str what, state;
    Tone tone;
} Known;
void draw_known(const Stage *stage, Rect area, Str key, const Known *known, size_t count);
