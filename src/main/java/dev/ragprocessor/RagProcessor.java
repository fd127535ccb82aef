package dev.ragprocessor;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: without a command it explains itself. */
@Command(
    name = "rag-processor",
    mixinStandardHelpOptions = true,
    versionProvider = RagProcessor.Version.class,
    description =
        "Files that land in a bucket, found by meaning: events become text, vectors and rows of"
            + " PostgreSQL with pgvector.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      " 0:everything asked for is done",
      " 1:it ran, but not everything succeeded",
      " 2:the command line or the configuration is wrong",
      " 3:something it needs is not there: database, bucket, model"
    },
    footer = {
      "",
      "Each command explains itself: rag-processor COMMAND --help",
      "Every key of the configuration stands in the README."
    })
final class RagProcessor implements Runnable {
  @Spec CommandSpec spec = CommandSpec.create();

  /** Promises the whole command line, talking to this terminal. */
  static CommandLine commandLine(Terminal terminal) {
    return new CommandLine(new RagProcessor())
        .addSubcommand(new ServeCommand(terminal))
        .addSubcommand(new IngestCommand(terminal))
        .addSubcommand(new SearchCommand(terminal))
        .addSubcommand(JobsCommand.commandLine(terminal))
        .addSubcommand(DocumentsCommand.commandLine(terminal))
        .addSubcommand(ReindexCommand.commandLine(terminal))
        .addSubcommand(IndexCommand.commandLine(terminal))
        .addSubcommand(new ReplayCommand(terminal))
        .addSubcommand(new MigrateCommand(terminal))
        .addSubcommand(ProfileCommand.commandLine(terminal))
        .addSubcommand(new DemoCommand(terminal))
        .addSubcommand(new LeakDemoCommand(terminal))
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(new Failures(terminal));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "A command is missing.");
  }

  /** Promises the version that the build wrote into the jar. */
  static String version() {
    String version = RagProcessor.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  /** Tells the version. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"rag-processor " + version()};
    }
  }
}
