/* Real time: sleeps until a finger, a badge, a poke, or the next thing that changes by itself. */
#pragma once

#include "kiosk/app/app.h"

CHECKED Status loop_run(App *app, Err *err);
