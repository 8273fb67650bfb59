import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jetbrains.kotlin.cli.common.ExitCode;
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler;

/**
 * Compiles and runs programs of kotlin_suite.py. Each line of the input is a folder with files of Kotlin; for each is
 * printed "RESULT", the folder, what became of it (compiled, failed, ran) and the numbers of the places that were
 * reached, or the first error, with tabs between.
 */
public class KotlinPrograms {
    static final String[][] STUBS = {
        {"com/amazonaws/services/lambda/runtime/Context.java",
         "package com.amazonaws.services.lambda.runtime; public interface Context {}"},
        {"com/amazonaws/services/lambda/runtime/RequestHandler.java",
         "package com.amazonaws.services.lambda.runtime; public interface RequestHandler<I, O> { O handleRequest(I input, Context context); }"},
        {"software/amazon/awssdk/services/dynamodb/model/PutItemRequest.java",
         "package software.amazon.awssdk.services.dynamodb.model; public class PutItemRequest { public static class Builder {"
         + " public Builder tableName(String name) { return this; } } }"},
        {"software/amazon/awssdk/services/dynamodb/DynamoDbClient.java",
         "package software.amazon.awssdk.services.dynamodb; public interface DynamoDbClient {"
         + " static DynamoDbClient create() { return new DynamoDbClient() {}; }"
         + " default Object putItem(java.util.function.Consumer<model.PutItemRequest.Builder> filled) { conformance.Marks.mark(-1); return this; } }"},
        {"conformance/Marks.java",
         "package conformance; public class Marks { public static final java.util.Set<Integer> SEEN = java.util.concurrent.ConcurrentHashMap.newKeySet();"
         + " public static void mark(int number) { SEEN.add(number); }"
         + " public static <T> T value(int number, T value) { SEEN.add(number); return value; } }"},
    };

    public static void main(String[] arguments) throws Exception {
        System.setProperty("kotlin.environment.keepalive", "true");
        PrintStream out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream()));
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        Path stubs = Files.createTempDirectory("stubs");
        List<String> sources = new ArrayList<>();
        sources.add("-d");
        sources.add(stubs.toString());
        for (String[] stub : STUBS) {
            Path file = stubs.resolve(stub[0]);
            Files.createDirectories(file.getParent());
            Files.writeString(file, stub[1].replace("Consumer<model.", "Consumer<software.amazon.awssdk.services.dynamodb.model."));
            sources.add(file.toString());
        }
        ToolProvider.getSystemJavaCompiler().run(null, null, null, sources.toArray(new String[0]));
        List<String> libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(one -> one.matches(".*kotlin-(stdlib|reflect|test)[^/]*\\.jar")).collect(Collectors.toList());
        String path = stubs + File.pathSeparator + String.join(File.pathSeparator, libraries);
        BufferedReader given = new BufferedReader(new InputStreamReader(System.in));
        for (String folder; (folder = given.readLine()) != null; ) {
            out.println("RESULT\t" + folder + "\t" + judged(folder, path, stubs, libraries));
            out.flush();
        }
        System.exit(0);
    }

    static String judged(String folder, String path, Path stubs, List<String> libraries) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ExitCode code = new K2JVMCompiler().exec(new PrintStream(said), "-no-stdlib", "-no-reflect", "-nowarn",
            "-Xskip-prerelease-check", "-cp", path, "-d", folder + "/out", folder);
        if (code != ExitCode.OK) {
            return "failed\t" + Stream.of(said.toString().split("\n")).filter(one -> one.contains("error:")).findFirst().orElse(code.toString());
        }
        List<String> sources;
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            sources = files.map(Path::toString).filter(one -> one.endsWith(".java")).collect(Collectors.toList());
        }
        if (!sources.isEmpty()) {
            List<String> given = new ArrayList<>(List.of("-nowarn", "-cp", path + File.pathSeparator + folder + "/out", "-d", folder + "/out"));
            given.addAll(sources);
            if (ToolProvider.getSystemJavaCompiler().run(null, OutputStream.nullOutputStream(), said, given.toArray(new String[0])) != 0) {
                return "failed\t" + said.toString().lines().findFirst().orElse("javac");
            }
        }
        List<URL> urls = new ArrayList<>();
        urls.add(Path.of(folder, "out").toUri().toURL());
        urls.add(stubs.toUri().toURL());
        for (String one : libraries) {
            urls.add(Path.of(one).toUri().toURL());
        }
        URLClassLoader loader = new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
        String[] result = {"hangs"};
        Thread thread = new Thread(null, () -> {
            try {
                String entry = Files.readString(Path.of(folder, "entry")).strip();
                Class<?> cls = loader.loadClass(entry);
                Class<?> context = loader.loadClass("com.amazonaws.services.lambda.runtime.Context");
                result[0] = String.valueOf(cls.getMethod("handleRequest", java.util.Map.class, context)
                    .invoke(cls.getConstructor().newInstance(), java.util.Map.of(), null));
            } catch (Throwable error) {
                result[0] = "threw " + (error.getCause() == null ? error : error.getCause());
            }
        }, "program", 1 << 26);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.start();
        thread.join(10_000);
        java.util.Set<?> seen = (java.util.Set<?>) loader.loadClass("conformance.Marks").getField("SEEN").get(null);
        String numbers = seen.stream().map(Object::toString).collect(Collectors.joining(" "));
        return "ran\t" + result[0].replaceAll("[\\t\\r\\n]", " ") + "\t" + numbers;
    }
}
