// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * From a value to its place between 0 and 1, with marks that a person can read.
 *
 * @param least at 0
 * @param most at 1
 * @param isLog whether equal factors, and not equal differences, are equally far apart
 */
record Axis(double least, double most, boolean isLog) {

    private static final double[] STEPS = {1, 2, 5};
    private static final int LINEAR_MARKS = 5;
    private static final double DENSE_BELOW = 150;

    Axis {
        if (!(least < most) || (isLog && least <= 0)) {
            throw new IllegalArgumentException("axis from " + least + " to " + most);
        }
    }

    /** That shows all of them; a linear one begins at 0. */
    static Axis of(List<Double> values, boolean isLog) {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        if (!isLog) {
            double most = high > 0 ? high : 1;
            double step = roundedUp(most / LINEAR_MARKS);
            return new Axis(0, Math.ceil(most / step) * step, false);
        }
        double least = low > 0 && low < Double.POSITIVE_INFINITY ? roundedDown(low) : 1;
        double most = high > least ? roundedUp(high) : 10 * least;
        return new Axis(least, most, true);
    }

    double part(double value) {
        return isLog ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least);
    }

    /** Where lines and numbers go. */
    List<Double> marks() {
        List<Double> marks = new ArrayList<>();
        if (!isLog) {
            double step = roundedUp(most / LINEAR_MARKS);
            for (int i = 0; i * step <= most * (1 + 1e-9); i++) {
                marks.add(i * step);
            }
            return marks;
        }
        boolean dense = most / least < DENSE_BELOW;
        for (int power = (int) Math.floor(Math.log10(least) - 1e-9); power <= Math.log10(most) + 1e-9; power++) {
            for (double step : STEPS) {
                double mark = step * Math.pow(10, power);
                boolean isInside = mark >= least * (1 - 1e-9) && mark <= most * (1 + 1e-9);
                if (isInside && (step == 1 || dense)) {
                    marks.add(mark);
                }
            }
        }
        return marks;
    }

    /** As in 20, 500, 20k, 3M. */
    static String label(double value) {
        double size = Math.abs(value);
        if (size >= 1e6) {
            return trimmed(value / 1e6) + "M";
        }
        return size >= 1e4 ? trimmed(value / 1e3) + "k" : trimmed(value);
    }

    private static String trimmed(double value) {
        String text = Figure.text(value, 2, false);
        return text.replaceAll("\\.?0+$", "").isEmpty()
                ? "0"
                : text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }

    private static double roundedUp(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)) - 1);
        while (true) {
            for (double step : STEPS) {
                if (step * power >= value * (1 - 1e-9)) {
                    return step * power;
                }
            }
            power *= 10;
        }
    }

    private static double roundedDown(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)) + 1);
        while (true) {
            for (int i = STEPS.length - 1; i >= 0; i--) {
                if (STEPS[i] * power <= value * (1 + 1e-9)) {
                    return STEPS[i] * power;
                }
            }
            power /= 10;
        }
    }
}
