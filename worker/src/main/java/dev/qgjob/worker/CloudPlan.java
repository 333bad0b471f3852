package dev.qgjob.worker;

import dev.qgjob.worker.browserstack.CloudApi;
import dev.qgjob.worker.browserstack.Parallels;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How this worker uses BrowserStack.
 *
 * @param options what sessions ask for beside what AppWright does, of {@code bstack:options}
 * @param local the program by which phones there reach what this host reaches
 */
record CloudPlan(
    CloudApi api, Parallels parallels, Map<String, Object> options, Optional<Path> local) {}
