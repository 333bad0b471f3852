package dev.qgjob.api.openapi;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.qgjob.api.access.Allowed;
import dev.qgjob.api.access.Open;
import dev.qgjob.api.json.ApiJson;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.Problem;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.jaxrs2.Reader;
import io.swagger.v3.oas.integration.SwaggerConfiguration;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.BinarySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The description of the API as an OpenAPI document: addresses, roles and types as the resources
 * have them, words as their Javadoc has them.
 */
public final class Document {
  private static final String BEARER = "token";

  private final Javadocs javadocs;

  /**
   * @param repository its root: the sources are read
   */
  public Document(Path repository) {
    javadocs =
        new Javadocs(
            List.of(
                repository.resolve("api-war/src/main/java"),
                repository.resolve("protocol/src/main/java")));
  }

  /** The document as JSON that people can read. */
  public String json(Collection<Class<?>> resources) {
    ModelConverters.getInstance().addConverter(new Records(javadocs));
    OpenAPI base =
        new OpenAPI()
            .info(
                new Info()
                    .title("qgjob")
                    .version("v1")
                    .description(
                        "A job server for AppWright tests. Names are in snake_case, times are"
                            + " ISO-8601, absent members are left out; a request with an unknown"
                            + " member is refused.")
                    .license(new License().name("MIT").url("https://opensource.org/license/mit")))
            .servers(List.of(new Server().url(Paths.API)));
    base.schemaRequirement(
        BEARER, new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"));
    Reader reader = new Reader(new SwaggerConfiguration().openAPI(base));
    OpenAPI api = base;
    for (Class<?> resource : resources) {
      api = reader.read(resource);
    }
    new Words(resources, api).describe(problem(api));
    return Json.pretty(api) + "\n";
  }

  private static Schema<?> problem(OpenAPI api) {
    ModelConverters.getInstance().readAll(Problem.class).forEach(api::schema);
    return new Schema<>().$ref("#/components/schemas/Problem");
  }

  /** Puts what resources say of themselves into their operations. */
  private final class Words {
    private static final Pattern VARIABLE = Pattern.compile("\\{([^}]+)}");

    private final Collection<Class<?>> resources;
    private final OpenAPI api;

    Words(Collection<Class<?>> resources, OpenAPI api) {
      this.resources = resources;
      this.api = api;
    }

    void describe(Schema<?> problem) {
      api.getPaths()
          .forEach(
              (path, item) -> {
                for (Operation operation : item.readOperations()) {
                  describe(operation, problem);
                  complete(operation, path);
                }
              });
    }

    private void describe(Operation operation, Schema<?> problem) {
      Method method = method(operation);
      operation.tags(List.of(room(method)));
      operation.summary(
          javadocs
              .ofMethod(method.getDeclaringClass(), method.getName())
              .orElseThrow(() -> new IllegalStateException(method + " has no Javadoc")));
      Allowed allowed = method.getAnnotation(Allowed.class);
      if (allowed == null) {
        Open open = Objects.requireNonNull(method.getAnnotation(Open.class), method::toString);
        operation.description("No token: " + open.because() + ".").security(List.of());
      } else {
        operation
            .description(
                "Roles: "
                    + Arrays.stream(allowed.value())
                        .map(role -> role.toString().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "))
                    + ".")
            .addSecurityItem(new SecurityRequirement().addList(BEARER));
      }
      if (Arrays.asList(method.getParameterTypes()).contains(InputStream.class)) {
        operation
            .getRequestBody()
            .getContent()
            .replaceAll((type, body) -> new MediaType().schema(new BinarySchema()));
      }
      operation.responses(responses(method, operation.getResponses(), problem));
    }

    /** What a method does not ask for, since the caller's token says it, is part of its address. */
    private static void complete(Operation operation, String path) {
      Set<String> read =
          Stream.ofNullable(operation.getParameters())
              .flatMap(List::stream)
              .map(Parameter::getName)
              .collect(Collectors.toSet());
      VARIABLE
          .matcher(path)
          .results()
          .map(found -> found.group(1))
          .filter(name -> !read.contains(name))
          .forEach(
              name ->
                  operation.addParametersItem(
                      new PathParameter().name(name).schema(new StringSchema())));
      if (operation.getRequestBody() != null) {
        operation.getRequestBody().setRequired(true);
      }
    }

    private ApiResponses responses(Method method, ApiResponses read, Schema<?> problem) {
      ApiResponses all = new ApiResponses();
      Answers answers = method.getAnnotation(Answers.class);
      if (answers != null) {
        Content content = content(answers);
        for (int status : answers.status()) {
          all.addApiResponse(
              Integer.toString(status),
              new ApiResponse()
                  .description(
                      status == 200 && answers.status().length > 1 && answers.status()[0] == 201
                          ? "The same request made it before."
                          : describe(status))
                  .content(content));
        }
      } else if (method.getReturnType() == void.class) {
        all.addApiResponse("204", new ApiResponse().description(describe(204)));
      } else {
        all.addApiResponse("200", read.getDefault().description(describe(200)));
      }
      return all.addApiResponse(
          "4XX",
          new ApiResponse()
              .description("What is wrong, where, and what to do.")
              .content(
                  new Content().addMediaType(Paths.PROBLEM_JSON, new MediaType().schema(problem))));
    }

    private @Nullable Content content(Answers answers) {
      return answers.value() == void.class
          ? null
          : new Content()
              .addMediaType(answers.media(), new MediaType().schema(schema(answers.value())));
    }

    private Schema<?> schema(Class<?> type) {
      if (type == byte[].class) {
        return new BinarySchema();
      }
      if (type == String.class) {
        return new StringSchema();
      }
      ModelConverters.getInstance().readAll(type).forEach(api::schema);
      return new Schema<>().$ref("#/components/schemas/" + type.getSimpleName());
    }

    private static String describe(int status) {
      return switch (status) {
        case 201 -> "It was made.";
        case 204 -> "It was done.";
        case 503 -> "All is not well.";
        default -> "As asked for.";
      };
    }

    private Method method(Operation operation) {
      String id = operation.getOperationId();
      return resources.stream()
          .flatMap(resource -> Arrays.stream(resource.getMethods()))
          .filter(method -> id.equals(method.getName()))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no method is called " + id));
    }

    private static String room(Method method) {
      String name = method.getDeclaringClass().getPackageName();
      return name.substring(name.lastIndexOf('.') + 1);
    }
  }

  /** Records as they are on the wire: what may be absent is not required. */
  private static final class Records extends ModelResolver {
    private static final Pattern COMPONENT = Pattern.compile("`[a-z]+(?:[A-Z][a-z]*)+`");

    private final Javadocs javadocs;

    Records(Javadocs javadocs) {
      super(ApiJson.mapper().copy());
      this.javadocs = javadocs;
    }

    @Override
    public @Nullable Schema<?> resolve(
        AnnotatedType asked, ModelConverterContext context, Iterator<ModelConverter> next) {
      Schema<?> resolved = super.resolve(asked, context, next);
      JavaType type = _mapper.constructType(asked.getType());
      if (type.getRawClass().isRecord()) {
        Schema<?> model = context.getDefinedModels().get(type.getRawClass().getSimpleName());
        if (model != null && model.getProperties() != null) {
          describe(type.getRawClass(), model);
        }
      }
      return resolved;
    }

    private void describe(Class<?> type, Schema<?> model) {
      javadocs.of(type).ifPresent(model::setDescription);
      List<String> required = new ArrayList<>();
      for (RecordComponent component : type.getRecordComponents()) {
        String name = snake(component.getName());
        Schema<?> property = (Schema<?>) model.getProperties().get(name);
        if (property == null) {
          continue;
        }
        javadocs
            .ofComponent(type, component.getName())
            .ifPresent(words -> describe(model, name, property, onTheWire(words)));
        if (!mayBeAbsent(component)) {
          required.add(name);
        }
      }
      model.setRequired(required.isEmpty() ? null : required);
    }

    /** Beside a reference nothing is read: it goes into a list of one. */
    private static void describe(Schema<?> model, String name, Schema<?> property, String words) {
      if (property.get$ref() == null) {
        property.setDescription(words);
      } else {
        Schema<Object> described = new Schema<>();
        described.addAllOfItem(new Schema<>().$ref(property.get$ref()));
        described.setDescription(words);
        model.addProperty(name, described);
      }
    }

    /** Javadoc names components as Java does. */
    private static String onTheWire(String words) {
      return COMPONENT.matcher(words).replaceAll(found -> snake(found.group()).replace("`_", "`"));
    }

    private static boolean mayBeAbsent(RecordComponent component) {
      return component.getAnnotatedType().isAnnotationPresent(Nullable.class)
          || Collection.class.isAssignableFrom(component.getType())
          || Map.class.isAssignableFrom(component.getType());
    }

    private static String snake(String name) {
      return PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(name);
    }
  }
}
