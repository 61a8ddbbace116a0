/* The day it is in France at a moment, "2026-11-24", without the machine's time zone having a say. */
#pragma once

#include "common/base/clock.h"
#include "common/base/str.h"

Str paris_date(Arena *arena, Millis at);
