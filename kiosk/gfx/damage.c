#include "kiosk/gfx/parts.h"

enum { LOOK_AHEAD = 64 };

static int64_t area(Rect rect) {
    return (int64_t)rect.w * rect.h;
}

/* What joining two would paint besides. */
static int64_t waste(Rect a, Rect b) {
    return area(rect_union(a, b)) - area(a) - area(b);
}

/* Joins `rect` with one that it nearly fills up with; again, since the joined one may meet the next. */
static bool join(Damage *damage, Rect rect, int64_t allowed) {
    int best = -1;
    int64_t least = allowed;
    for (int i = 0; i < damage->count; i++) {
        int64_t wasted = waste(damage->rects[i], rect);
        if (wasted <= least) {
            least = wasted;
            best = i;
        }
    }
    if (best < 0) return false;
    Rect joined = rect_union(damage->rects[best], rect);
    damage->rects[best] = damage->rects[--damage->count];
    damage_add(damage, joined);
    return true;
}

void damage_add(Damage *damage, Rect rect) {
    if (rect_is_empty(rect) || join(damage, rect, area(rect) / 4)) return;
    if (damage->count == DAMAGE_MAX) {
        join(damage, rect, INT64_MAX);
        return;
    }
    damage->rects[damage->count++] = rect;
}

/* The next pair of equal items, in whichever list fewer are to be skipped; false when none is near. */
static bool meet(const Painted *old, size_t old_left, const Painted *now, size_t now_left, size_t *skip_old,
                 size_t *skip_now) {
    for (size_t d = 1; d <= LOOK_AHEAD; d++) {
        if (d < old_left && old[d].hash == now[0].hash) {
            *skip_old = d, *skip_now = 0;
            return true;
        }
        if (d < now_left && now[d].hash == old[0].hash) {
            *skip_old = 0, *skip_now = d;
            return true;
        }
    }
    *skip_old = *skip_now = 1;
    return false;
}

static void add_each(Damage *damage, const Painted *items, size_t count) {
    for (size_t i = 0; i < count; i++) damage_add(damage, items[i].rect);
}

/* Items that both lists have in the same order stay; what lies in one list only is damage. Where nothing of
 * that lies, a pixel is covered by the same items in the same order, so it is the same. */
void damage_between(const Painted *old, size_t old_count, const Painted *now, size_t now_count,
                    Damage *damage) {
    size_t i = 0, j = 0;
    while (i < old_count && j < now_count) {
        if (old[i].hash == now[j].hash) {
            i++, j++;
            continue;
        }
        size_t skip_old, skip_now;
        meet(old + i, old_count - i, now + j, now_count - j, &skip_old, &skip_now);
        add_each(damage, old + i, skip_old);
        add_each(damage, now + j, skip_now);
        i += skip_old, j += skip_now;
    }
    add_each(damage, old + i, old_count - i);
    add_each(damage, now + j, now_count - j);
}
