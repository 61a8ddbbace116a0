#include "kiosk/screens/screens.h"

#define SCREEN_ROW(name) &screen_##name,
static const ScreenKind *const screens[] = {SCREENS(SCREEN_ROW)};

const ScreenKind *screen_kind(ScreenId id) {
    return screens[id];
}
