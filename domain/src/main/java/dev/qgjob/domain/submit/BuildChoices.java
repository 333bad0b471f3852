package dev.qgjob.domain.submit;

import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.submit.Submissions.Submitted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which build of its app version a submission is bound to. */
final class BuildChoices {
  private final SubmissionStore store;

  BuildChoices(SubmissionStore store) {
    this.store = store;
  }

  /** The build to bind to; {@code added} is a new one; or what is wrong. */
  record BuildChoice(
      int number,
      String packageName,
      Compatibility compatibility,
      @Nullable Build added,
      Submitted.@Nullable Invalid wrong) {
    private static BuildChoice known(Build build) {
      return new BuildChoice(
          build.number(), build.packageName(), build.compatibility(), null, null);
    }

    private static BuildChoice added(Build build) {
      return new BuildChoice(
          build.number(), build.packageName(), build.compatibility(), build, null);
    }

    private static BuildChoice wrong(String field, String problem, String action) {
      return new BuildChoice(
          0, "", Compatibility.ANY, null, new Submitted.Invalid(field, problem, action));
    }
  }

  BuildChoice choose(String orgId, Submission asked) {
    List<Build> known =
        store.app(orgId, asked.appVersionId()).map(AppVersion::builds).orElse(List.of());
    String app = asked.appSha256();
    return app == null ? newest(orgId, asked, known) : given(orgId, asked, app, known);
  }

  private BuildChoice newest(String orgId, Submission asked, List<Build> known) {
    if (!asked.furtherFiles().isEmpty()) {
      return BuildChoice.wrong(
          "app", "is missing, and there are files beside it", "name the app's own: --app FILE");
    }
    if (known.isEmpty()) {
      return BuildChoice.wrong(
          "app",
          "app version " + asked.appVersionId() + " has no build yet",
          "submit its binary with it: --app FILE");
    }
    Build newest = known.get(known.size() - 1);
    return isKept(orgId, newest)
        ? BuildChoice.known(newest)
        : BuildChoice.wrong(
            "app",
            "version "
                + asked.appVersionId()
                + " is not kept any more, for nothing was submitted with it for long",
            "submit its binary with it: --app FILE");
  }

  /** Looks at each file, which tells that the org uses it still. */
  private boolean isKept(String orgId, Build build) {
    return build.blobs().stream().filter(file -> !store.hasBlob(orgId, file)).toList().isEmpty();
  }

  private BuildChoice given(String orgId, Submission asked, String app, List<Build> known) {
    List<BuildFile> files = new ArrayList<>();
    files.add(new BuildFile(app, nameOf(asked), false));
    files.addAll(asked.furtherFiles());
    String sha256 = BuildSet.sha256(digests(files, false), digests(files, true));
    Optional<Build> same = known.stream().filter(b -> b.sha256().equals(sha256)).findFirst();
    if (same.isPresent() && isKept(orgId, same.get())) {
      return BuildChoice.known(same.get());
    }
    for (int i = 0; i < files.size(); i++) {
      if (!store.hasBlob(orgId, files.get(i).sha256())) {
        return BuildChoice.wrong(
            i == 0 ? "app.sha256" : field(files.get(i)),
            i == 0
                ? "was not uploaded"
                : "names " + files.get(i).fileName() + ", which was not uploaded",
            "upload the app first: PUT /blobs/{sha256}");
      }
    }
    return read(orgId, asked, sha256, known.size() + 1, files);
  }

  private static String nameOf(Submission asked) {
    String fileName = asked.appFileName();
    return fileName == null ? "app.apk" : fileName;
  }

  private static List<String> digests(List<BuildFile> files, boolean companions) {
    return files.stream()
        .filter(file -> file.companion() == companions)
        .map(BuildFile::sha256)
        .toList();
  }

  private static String field(BuildFile file) {
    return file.companion() ? "companions" : "app_variants";
  }

  private BuildChoice read(
      String orgId, Submission asked, String sha256, int number, List<BuildFile> files) {
    List<Binary> apps = new ArrayList<>();
    List<Binary> companions = new ArrayList<>();
    @Nullable String versionName = null;
    List<Compatibility.Demand> appDemands = new ArrayList<>();
    List<Compatibility.Demand> companionDemands = new ArrayList<>();
    for (BuildFile file : files) {
      boolean first = apps.isEmpty();
      String field = first ? "app" : field(file);
      String names = first ? "is " : "names " + file.fileName() + ", which is ";
      Optional<SubmissionStore.AppFacts> read = store.readApp(orgId, file.sha256());
      if (read.isEmpty()) {
        return BuildChoice.wrong(
            field, names + "not a readable Android package", "give an .apk that aapt can read");
      }
      SubmissionStore.AppFacts facts = read.get();
      if (facts.split() != null) {
        return BuildChoice.wrong(
            field,
            names + "one part (" + facts.split() + ") of a split app",
            "give one universal .apk: bundletool build-apks --mode universal");
      }
      versionName = first ? facts.versionName() : versionName;
      (file.companion() ? companionDemands : appDemands)
          .add(new Compatibility.Demand(Set.copyOf(facts.abis()), facts.minSdk()));
      (file.companion() ? companions : apps)
          .add(
              new Binary(
                  file.sha256(), file.fileName(), facts.size(), facts.packageName(), facts.abis()));
    }
    String packageName = apps.get(0).packageName();
    Optional<String> apart = BuildSet.clash(apps);
    if (apart.isPresent()) {
      return BuildChoice.wrong(
          "app_variants", apart.get(), "give one .apk of the app for each ABI");
    }
    Optional<String> inTheWay = BuildSet.clash(packageName, companions);
    if (inTheWay.isPresent()) {
      return BuildChoice.wrong("companions", inTheWay.get(), "give one .apk of each other package");
    }
    List<Binary> all = Stream.concat(apps.stream(), companions.stream()).toList();
    return BuildChoice.added(
        new Build(
            orgId,
            asked.appVersionId(),
            number,
            sha256,
            apps.get(0).fileName(),
            all.stream().mapToLong(Binary::size).sum(),
            packageName,
            versionName,
            store.now(),
            all.size() == 1 ? List.of() : all,
            new Compatibility(appDemands, companionDemands)));
  }
}
