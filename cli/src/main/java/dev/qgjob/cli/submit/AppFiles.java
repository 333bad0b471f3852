package dev.qgjob.cli.submit;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.bundle.Sha256;
import dev.qgjob.protocol.submit.AppFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of one build, here on disk.
 *
 * @param apps at least one: the same app for different ABIs
 * @param companions apps of other packages
 */
record AppFiles(List<Path> apps, List<Path> companions) {
  private static final String APP = "--app";
  private static final String COMPANION = "--companion";

  AppFiles {
    apps = List.copyOf(apps);
    companions = List.copyOf(companions);
  }

  /** What was given, if it is one build; null where nothing was. */
  static @Nullable AppFiles given(Path folder, List<Path> apps, List<Path> companions) {
    if (apps.isEmpty()) {
      if (!companions.isEmpty()) {
        throw Failure.usage("--companion needs the app beside it: give that with --app");
      }
      return null;
    }
    AppFiles files =
        new AppFiles(
            apps.stream().map(app -> AppFileCheck.readable(folder.resolve(app), APP)).toList(),
            companions.stream()
                .map(app -> AppFileCheck.readable(folder.resolve(app), COMPANION))
                .toList());
    if (files.count() > 1) {
      files.checkTogether();
    }
    return files;
  }

  private int count() {
    return apps.size() + companions.size();
  }

  /** What the server would refuse too, but only after all of it was sent. */
  private void checkTogether() {
    List<ApkFacts> ofApp = apps.stream().map(file -> ApkFacts.of(file, APP)).toList();
    ApkFacts first = ofApp.get(0);
    for (int i = 1; i < ofApp.size(); i++) {
      ApkFacts next = ofApp.get(i);
      if (!next.packageName().equals(first.packageName())) {
        throw Failure.usage(
            "--app %s is of package %s, and %s is of %s: give other packages with --companion"
                .formatted(next.file(), next.packageName(), first.file(), first.packageName()));
      }
      ofApp.subList(0, i).forEach(before -> refuseSameAbi(before, next));
    }
    List<ApkFacts> others = new ArrayList<>();
    for (Path file : companions) {
      ApkFacts companion = ApkFacts.of(file, COMPANION);
      if (companion.packageName().equals(first.packageName())) {
        throw Failure.usage(
            "--companion %s is of the app's own package %s: give the app for another ABI with --app"
                .formatted(companion.file(), first.packageName()));
      }
      others.forEach(before -> refuseSamePackage(before, companion));
      others.add(companion);
    }
  }

  private static void refuseSameAbi(ApkFacts one, ApkFacts other) {
    String both =
        one.abis().isEmpty() && other.abis().isEmpty()
            ? "without native code"
            : one.abis().stream()
                .filter(other.abis()::contains)
                .findFirst()
                .map(abi -> "for ABI " + abi)
                .orElse(null);
    if (both != null) {
      throw Failure.usage(
          "--app %s and %s are both %s: give one for each ABI"
              .formatted(one.file(), other.file(), both));
    }
  }

  private static void refuseSamePackage(ApkFacts one, ApkFacts other) {
    if (one.packageName().equals(other.packageName())) {
      throw Failure.usage(
          "--companion %s and %s are both of package %s: give one of them"
              .formatted(one.file(), other.file(), one.packageName()));
    }
  }

  AppFile app() throws IOException {
    return file(apps.get(0));
  }

  /** Null where there is none: then a submission looks as it always did. */
  @Nullable List<AppFile> variants() throws IOException {
    return files(apps.subList(1, apps.size()));
  }

  @Nullable List<AppFile> beside() throws IOException {
    return files(companions);
  }

  /** What has to be at the server, by digest. */
  Map<String, Path> blobs() throws IOException {
    Map<String, Path> blobs = new LinkedHashMap<>();
    for (Path file : apps) {
      blobs.put(Sha256.of(file), file);
    }
    for (Path file : companions) {
      blobs.put(Sha256.of(file), file);
    }
    return blobs;
  }

  private static @Nullable List<AppFile> files(List<Path> paths) throws IOException {
    List<AppFile> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(file(path));
    }
    return files.isEmpty() ? null : files;
  }

  private static AppFile file(Path path) throws IOException {
    return new AppFile(Sha256.of(path), String.valueOf(path.getFileName()));
  }
}
