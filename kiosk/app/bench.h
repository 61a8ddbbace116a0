/* kiosk --bench-frames N: the times of scrolled frames, as JSON on standard output. */
#pragma once

#include "kiosk/app/app.h"

CHECKED Status bench_run(App *app, int frames, Err *err);
