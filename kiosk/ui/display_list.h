/* What is to be seen, as a flat list in painting order; what tests compare as text, what the painter compares
 * with the last.
 *
 * Items and their texts live in the arena of the list (the frame). Positions are design units. Every item
 * carries the rectangle it is clipped to, so that any part of the list can be painted alone. */
#pragma once

#include "common/base/arena.h"
#include "common/base/str.h"
#include "kiosk/ui/rect.h"
#include "kiosk/ui/theme.h"

typedef enum ItemType {
    ITEM_BOX, /* fill, radius, corners, border, edge; a circle is a box with radius w/2 */
    ITEM_ARC, /* part of a ring, round caps: stroke inside rect, from_deg (0 = north, clockwise), sweep_deg */
    ITEM_LINE,  /* straight, round caps: from x,y to x+w,y+h (w, h may be negative), stroke */
    ITEM_TEXT,  /* one line: rect is its ascender-to-descender box */
    ITEM_ICON,  /* strokes of the icon of that name, in a square */
    ITEM_IMAGE, /* an image by name, covering or fitting rect */
    ITEM_QR,    /* the symbol without its quiet zone */
    ITEM_TARGET /* invisible: what can be touched, focused, read aloud */
} ItemType;

typedef enum Corners { CORNERS_ALL = 0, CORNERS_LEFT, CORNERS_RIGHT, CORNERS_TOP, CORNERS_BOTTOM } Corners;

typedef enum Fit { FIT_COVER, FIT_CONTAIN } Fit;

typedef enum Role {
    ROLE_BUTTON,
    ROLE_TAB,
    ROLE_CHECKBOX, /* ticks, switches, chips: `on` says which */
    ROLE_FIELD,
    ROLE_KEY,
    ROLE_LINK,
    ROLE_STOP
} Role;

typedef struct Item {
    ItemType type;
    Rect rect, clip;
    Color color;  /* fill of a box, colour of text, icon, arc, line, of the dark modules of a QR */
    Color border; /* of a box; COLOR_NONE = none; lies inside rect */
    Color edge;   /* of a box: the same shape EDGE lower, behind the face; COLOR_NONE = none */
    int stroke;   /* width of border, arc or line; of an icon in tenths of its 24-grid (20 = 2.0) */
    int radius;
    Corners corners;
    int from_deg, sweep_deg;
    Font font;
    int size; /* em size of a text */
    Str text; /* the line, or a target's label, or an image's or icon's name */
    Fit fit;
    const uint8_t *modules; /* QR: modules × modules bytes, 1 = dark */
    int modules_count;
    Role role;
    uint32_t id;
    bool on, disabled, focused, pressed;
    uint64_t hash; /* of all the above, for the painter; filled by display_list_add */
} Item;

typedef struct DisplayList {
    Arena *arena;
    Item *items;
    size_t count, cap;
    Color background; /* of the page: what no item covers */
} DisplayList;

enum { DISPLAY_LIST_MAX = 20000 }; /* items; more are dropped */

void display_list_begin(DisplayList *list, Arena *arena, Color background);
/* Copies item and text. One that lies outside its clip is left out, targets too. */
void display_list_add(DisplayList *list, Item item);
Rect item_bounds(const Item *item); /* all it may touch, before clipping */

/* One item a line, stable: what golden files hold. */
void display_list_dump(const DisplayList *list, Buf *out);

/* Visible text anywhere, also across wrapped lines; kinds of spaces and apostrophes do not matter, case does.
 */
bool display_list_has_text(const DisplayList *list, Str needle);
/* The target of that label: an equal one first, then one that contains it. NULL when there is none. */
const Item *display_list_find_target(const DisplayList *list, Str label);
