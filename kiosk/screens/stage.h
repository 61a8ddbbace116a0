/* What a screen is given and what it answers.
 *
 * A screen is three things (screens.h): `load` reads the replica into its data, on entry and when a kind it
 * reads has changed; `draw` calls widgets and returns an Action; `state` is what a visit remembers (a tab, a
 * week): zeroed on entry and on leaving, changed by draw alone. Neither writes anything anywhere: what is to
 * be done is returned as an Action and done by kiosk/app. */
#pragma once

#include "common/replica/identify.h"
#include "common/replica/search.h"
#include "common/replica/view.h"
#include "kiosk/i18n/dates.h"
#include "kiosk/screens/glass.h"
#include "kiosk/ui/keyboard.h"

/* clang-format off */
#define SCREENS(S)                                                                                           \
    S(attract) S(home) S(paths) S(path) S(step) S(booklet) S(page) S(agenda) S(event) S(identify) S(result)  \
    S(my_space) S(toolbox) S(tool) S(time_eaters) S(time_eater) S(ideas) S(idea) S(helpers) S(helper)        \
    S(rises) S(rise) S(search) S(access) S(help) S(technician) S(tech_code) S(calibrate) S(pairing) S(night)     \
    S(trouble)
/* clang-format on */

#define SCREEN_MEMBER(name) SCREEN_##name,
typedef enum ScreenId { SCREENS(SCREEN_MEMBER) SCREEN_COUNT } ScreenId;

typedef struct Settings { /* what a person chose for this visit */
    Lang lang;
    bool larger_text, high_contrast, calm, reach, read_aloud;
} Settings;

typedef struct Session { /* who is identified; everything lives in the session's arena, overwritten at the end
                          */
    bool open;
    bool with_code; /* showed the PIN too */
    bool staying;   /* asked not to be logged out after the result */
    Person person;
    const char *auth; /* "badge", "badge+pin", "name+pin" */
    Str greeting;     /* « Nadia », from « Nadia B. » */
} Session;

typedef struct Here { /* where this kiosk hangs; absent until paired and loaded */
    Str device, site, org;
    Str org_name, org_short, site_name;
} Here;

typedef enum Purpose { PURPOSE_NONE, PURPOSE_REGISTER, PURPOSE_CANCEL, PURPOSE_TICK, PURPOSE_SPACE } Purpose;

typedef struct Deed { /* an operation to be done, by whoever identifies next */
    Purpose purpose;
    Str subject; /* event, or path of a tick */
    Str step;    /* id of the step of a tick */
    bool done;   /* ticked or not */
} Deed;

typedef struct Told { /* how the last attempt to identify went, for the identify screen */
    bool tried, badge;
    IdentifyResult result;
    Millis locked_until;
    const Str *services;
    size_t service_count;
    bool no_code; /* the person has none yet */
    bool failed;  /* the kiosk could not even look */
} Told;

typedef struct BadgeTest { /* how the last badge came, never which */
    Millis at;             /* wall; 0: none yet */
    bool taken, too_slow, too_long;
    int digits;
    Millis ms, widest_gap_ms;
} BadgeTest;

enum { JOURNAL_MAX = 24 };

typedef struct JournalLine {
    Millis at; /* wall */
    char text[ERR_TEXT_MAX];
} JournalLine;

typedef struct Journal { /* what went wrong since the start, for the technician; a ring */
    JournalLine at[JOURNAL_MAX];
    int count, next;
} Journal;

typedef struct Machine { /* what the technician sees of the computer */
    struct {
        char link[16], address[48];
    } addresses[8];
    int address_count;
    int64_t disk_bytes, disk_free_bytes;
    int64_t replica_bytes, wal_bytes, outbox_bytes, search_bytes, blobs_bytes;
    int64_t blob_count;
} Machine;

typedef struct Stage {
    Ui *ui; /* NULL in load */
    View *view;
    Records *records;
    Search *search; /* NULL until the first picture stands */
    Say say;        /* its arena: of the data in load, of the frame in draw */
    Arena *arena;   /* the same */
    Millis now;     /* wall */
    Str arg;        /* what the screen was opened with: an id, or absent */
    const Session *session;
    const Settings *settings;
    const Here *here;
    const ViewHealth *health;
    const Deed *deed; /* pending while identifying; done, on the result */
    const Told *told;
    Str op;          /* result: the operation's id */
    Verdict refused; /* result: a prediction that was not kept; VERDICT_none when it was */
    Status kept;     /* result: OK, or why nothing could be kept */
    int logout_s;    /* result: seconds until the automatic logout; 0 = none */
    bool can_write;  /* the outbox takes operations */
    const char *version;
    const char *replica_dir;
    const Glass *glass; /* as it is now */
    int trial_s;        /* seconds until what was just set is undone; 0: nothing is tried */
    const BadgeTest *badge_test;
    const Journal *journal;
    bool can_speak;
    const Machine *machine;                          /* NULL: look at the real one */
    bool (*has_image)(const void *images, Str name); /* whether a picture has come down yet */
    const void *images;
} Stage;

typedef enum ActionType {
    ACTION_NONE,
    ACTION_BACK,
    ACTION_HOME,
    ACTION_OPEN,     /* screen, arg */
    ACTION_REPLACE,  /* the same in place of the present one */
    ACTION_RELOAD,   /* state has changed what is to be loaded */
    ACTION_PERFORM,  /* deed */
    ACTION_IDENTIFY, /* name, service, code; or code alone besides the badge shown before */
    ACTION_SPACE,    /* my space, after identification */
    ACTION_SETTINGS, /* settings */
    ACTION_STAY,
    ACTION_LOGOUT,
    ACTION_REQUEST,    /* arg: a verb for syncd; hub, force */
    ACTION_TECHNICIAN, /* code */
    ACTION_GLASS, /* glass: applied at once, kept when it is confirmed where it could make the screen unusable
                   */
    ACTION_GLASS_KEEP,
    ACTION_GLASS_UNDO,
    ACTION_CALIBRATE, /* points: four targets, then the four touches */
    ACTION_RESTART
} ActionType;

enum { CALIBRATION_POINTS = 4 };

typedef struct Action {
    ActionType type;
    ScreenId screen;
    Str arg;
    Deed deed;
    Settings settings;
    Str name, service, code;
    Str hub;
    bool force;
    Glass glass;
    double points[2][2 * CALIBRATION_POINTS];
} Action;

static inline Action action_none(void) {
    return (Action){.type = ACTION_NONE};
}
