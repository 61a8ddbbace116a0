#include "kiosk/screens/glass.h"

#include "kiosk/i18n/dates.h"

Glass glass_turned(Glass glass, int rotation_deg) {
    bool across = (glass.rotation_deg - rotation_deg) % 180 != 0;
    int width = glass.width_mm;
    glass.rotation_deg = rotation_deg;
    glass.calibrated = false; /* its points were those of another picture */
    if (!across) return glass;
    glass.width_mm = glass.height_mm;
    glass.height_mm = width;
    return glass;
}

bool night_parse(Str clock, int *minutes) {
    Str rest = clock, hour = {0};
    int64_t h = 0, m = 0;
    if (!str_cut(&rest, ':', &hour) || !rest.at) return false;
    if (!str_to_int(hour, &h) || !str_to_int(rest, &m)) return false;
    if (h < 0 || h > 23 || m < 0 || m > 59) return false;
    *minutes = (int)(h * 60 + m);
    return true;
}

bool night_holds(const Glass *glass, Millis at) {
    if (!glass->night) return false;
    Civil civil = civil_of(at);
    int now = civil.hour * 60 + civil.minute, from = glass->night_from_min, until = glass->night_until_min;
    if (from <= until) return now >= from && now < until;
    return now >= from || now < until;
}
