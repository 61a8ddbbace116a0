/* All screens, one file each. Adding one: kiosk/README.md. */
#pragma once

#include "kiosk/screens/stage.h"

typedef struct ScreenKind {
    const char *name;
    size_t state_size, data_size;
    KindSet reads;  /* load anew when one of these changes */
    bool bare;      /* no bar below: attract */
    bool whole;     /* none above either: night */
    bool secret;    /* asks who is there: nothing that is typed is read aloud */
    bool by_minute; /* shows what depends on the time: load anew each minute */
    Status (*load)(const Stage *stage, const void *state, void *data, Err *err); /* NULL: nothing to load */
    Action (*draw)(const Stage *stage, void *state, const void *data);
} ScreenKind;

#define SCREEN_EXTERN(name) extern const ScreenKind screen_##name;
SCREENS(SCREEN_EXTERN)

const ScreenKind *screen_kind(ScreenId id);
