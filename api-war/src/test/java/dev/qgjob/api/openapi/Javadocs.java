package dev.qgjob.api.openapi;

import com.github.javaparser.JavaParser;
import com.github.javaparser.ParserConfiguration;
import com.github.javaparser.ast.body.TypeDeclaration;
import com.github.javaparser.ast.nodeTypes.NodeWithJavadoc;
import com.github.javaparser.javadoc.Javadoc;
import com.github.javaparser.javadoc.JavadocBlockTag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the sources say of types, their components and their methods. Not thread-safe. */
final class Javadocs {
  private final JavaParser parser =
      new JavaParser(
          new ParserConfiguration().setLanguageLevel(ParserConfiguration.LanguageLevel.JAVA_17));
  private final Map<Class<?>, Optional<TypeDeclaration<?>>> types = new HashMap<>();
  private final List<Path> roots;

  /**
   * @param roots folders with packages of sources below them
   */
  Javadocs(List<Path> roots) {
    this.roots = roots;
  }

  Optional<String> of(Class<?> type) {
    return declaration(type).flatMap(Javadocs::text);
  }

  Optional<String> ofComponent(Class<?> type, String component) {
    return declaration(type)
        .flatMap(NodeWithJavadoc::getJavadoc)
        .flatMap(
            javadoc ->
                javadoc.getBlockTags().stream()
                    .filter(tag -> tag.getType() == JavadocBlockTag.Type.PARAM)
                    .filter(tag -> tag.getName().equals(Optional.of(component)))
                    .findFirst())
        .map(tag -> plain(tag.getContent().toText()));
  }

  Optional<String> ofMethod(Class<?> type, String method) {
    return declaration(type)
        .flatMap(declared -> declared.getMethodsByName(method).stream().findFirst())
        .flatMap(Javadocs::text);
  }

  private Optional<TypeDeclaration<?>> declaration(Class<?> type) {
    return types.computeIfAbsent(type, this::parse);
  }

  private Optional<TypeDeclaration<?>> parse(Class<?> type) {
    Class<?> outer = type;
    while (outer.getEnclosingClass() != null) {
      outer = outer.getEnclosingClass();
    }
    String file = outer.getName().replace('.', '/') + ".java";
    return roots.stream()
        .map(root -> root.resolve(file))
        .filter(Files::exists)
        .findFirst()
        .flatMap(this::parse)
        .flatMap(
            all ->
                all.findFirst(
                    TypeDeclaration.class,
                    declared -> declared.getNameAsString().equals(type.getSimpleName())))
        .map(declared -> (TypeDeclaration<?>) declared);
  }

  private Optional<com.github.javaparser.ast.CompilationUnit> parse(Path file) {
    try {
      return parser.parse(file).getResult();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> text(NodeWithJavadoc<?> documented) {
    return documented
        .getJavadoc()
        .map(Javadoc::getDescription)
        .map(description -> plain(description.toText()))
        .filter(text -> !text.isEmpty());
  }

  /** Without Javadoc's own marks, as one line. */
  private static String plain(String javadoc) {
    return javadoc
        .replaceAll("\\{@(?:code|link|linkplain|value)\\s+#?([^}]*)}", "`$1`")
        .replaceAll("<p>", "")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
