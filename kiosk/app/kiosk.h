/* The program: options, then the loop, the robot or the bench. Returns the exit status. */
#pragma once

int kiosk_main(int argc, char **argv);
