/* Meetings between two services: what proposing and answering share; inside this folder only. */
#pragma once

#include "common/rules/acting.h"

/* Does who acts speak for this service: one of its people, or HR or a manager of its org with a PIN. */
bool rise_speaks_for(const Acting *acting, const Service *service);
