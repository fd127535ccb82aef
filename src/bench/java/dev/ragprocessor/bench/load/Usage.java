package dev.ragprocessor.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process has used, as Linux tells it (proc(5)); NaN on other systems. */
final class Usage {
  /** The unit of CPU times in /proc on every Linux: a hundredth of a second. */
  private static final double TICK_MILLIS = 10;

  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private Usage() {}

  /** CPU time in milliseconds; NaN where it has ended. */
  static double cpuMillis(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)));
      // The second field is a name in parentheses, which may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_MILLIS;
    } catch (IOException gone) {
      return Double.NaN;
    }
  }

  /** Resident memory in MiB. */
  static double residentMebibytes(long pid) {
    try {
      Matcher resident =
          RESIDENT.matcher(Files.readString(Path.of("/proc/%d/status".formatted(pid))));
      return resident.find() ? Long.parseLong(resident.group(1)) / 1024.0 : Double.NaN;
    } catch (IOException gone) {
      return Double.NaN;
    }
  }
}
