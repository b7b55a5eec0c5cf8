// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import io.paxos.simulation.Simulation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** The whole library with one planted bug: its changed classes compiled in memory, all others loaded again around them. */
final class MutantLibrary {

    private static final Path SOURCES = Path.of("src", "main", "java");

    /** One for all mutants: what it read of the class path it need not read again. */
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    private static final StandardJavaFileManager FILES =
            COMPILER.getStandardFileManager(null, null, StandardCharsets.UTF_8);

    private final ClassLoader loader;

    private MutantLibrary(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * Plants a bug.
     *
     * @throws AssertionError if the source has moved on, or the change does not compile; the message says what to do
     */
    static MutantLibrary with(Mutant mutant) {
        Map<String, String> changed = new TreeMap<>();
        for (Mutant.Edit edit : mutant.edits()) {
            String source = changed.containsKey(edit.file()) ? changed.get(edit.file()) : read(edit.file());
            changed.put(edit.file(), change(mutant, edit, source));
        }
        return new MutantLibrary(new Loader(compile(mutant, changed)));
    }

    /** The library as it is, for comparison. */
    static LongFunction<String[]> untouched() {
        return new SeedRunner();
    }

    private static String read(String file) {
        try {
            return Files.readString(SOURCES.resolve(file));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** White space counts as one blank, so that the formatter may break lines as it likes. */
    private static String change(Mutant mutant, Mutant.Edit edit, String source) {
        String words = Stream.of(edit.original().strip().split("\\s+"))
                .map(Pattern::quote)
                .collect(Collectors.joining("\\s+"));
        Matcher place = Pattern.compile(words).matcher(source);
        long places = place.results().count();
        if (places != 1) {
            throw new AssertionError("planted bug " + mutant.id() + ": its snippet occurs " + places + " times in "
                    + edit.file() + ", not once. The code was changed: plant the bug anew in the ledger, as hazard "
                    + mutant.hazard() + " would look in the new code, and record it with -Dmutants.search=true."
                    + " The snippet:\n" + edit.original());
        }
        return place.reset().replaceFirst(Matcher.quoteReplacement(edit.replacement()));
    }

    // ---- compiling ------------------------------------------------------------------------------------------

    private static Map<String, byte[]> compile(Mutant mutant, Map<String, String> sources) {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        List<Source> units = new ArrayList<>();
        sources.forEach((file, text) -> units.add(new Source(file, text)));
        Classes classes = new Classes(FILES);
        List<String> options = List.of("-proc:none", "-nowarn", "-g", "-classpath", classPath());
        boolean compiled = COMPILER.getTask(null, classes, diagnostics, options, null, units)
                .call();
        if (!compiled) {
            throw new AssertionError(
                    "planted bug " + mutant.id() + " does not compile: " + diagnostics.getDiagnostics());
        }
        Map<String, byte[]> bytes = new TreeMap<>();
        classes.written.forEach((name, out) -> bytes.put(name, out.toByteArray()));
        return bytes;
    }

    private static String classPath() {
        StringBuilder path = new StringBuilder();
        for (Class<?> each : List.of(Simulation.class, Logger.class, NullMarked.class)) {
            path.append(path.isEmpty() ? "" : java.io.File.pathSeparator).append(placeOf(each));
        }
        return path.toString();
    }

    private static Path placeOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException noPath) {
            throw new IllegalStateException(noPath);
        }
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("string:///" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    /** Keeps what the compiler writes. */
    private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

        Classes(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, @Nullable FileObject sibling) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            written.put(className, out);
            return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/')), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return out;
                }
            };
        }
    }

    // ---- loading --------------------------------------------------------------------------------------------

    /** Loads {@code io.paxos} itself, tests included, and leaves the rest to the loader of this class. */
    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> changed;

        Loader(Map<String, byte[]> changed) {
            super(MutantLibrary.class.getClassLoader());
            this.changed = changed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return name.startsWith("io.paxos.") ? findClass(name) : super.loadClass(name, resolve);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = changed.get(name);
            if (bytes == null) {
                try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                    if (in == null) {
                        throw new ClassNotFoundException(name);
                    }
                    bytes = in.readAllBytes();
                } catch (IOException unreadable) {
                    throw new ClassNotFoundException(name, unreadable);
                }
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    // ---- running --------------------------------------------------------------------------------------------

    /** Runs seeds in the changed library. */
    @SuppressWarnings("unchecked") // it is a SeedRunner, but of another library than ours
    LongFunction<String[]> seeds() {
        return (LongFunction<String[]>) newInstance(SeedRunner.class.getName());
    }

    /** Runs one test without parameters, {@code Class#method}, in the changed library; returns how it failed, or null. */
    @Nullable
    Throwable failureOf(String test) {
        int hash = test.indexOf('#');
        Object instance = newInstance(test.substring(0, hash));
        try {
            Method method = instance.getClass().getDeclaredMethod(test.substring(hash + 1));
            method.setAccessible(true);
            method.invoke(instance);
            return null;
        } catch (InvocationTargetException failed) {
            return failed.getCause();
        } catch (ReflectiveOperationException missing) {
            throw new LinkageError("the ledger names a test that is not there: " + test, missing);
        }
    }

    /** Makes an object of a class of the changed library, by its constructor without parameters. */
    Object newInstance(String type) {
        try {
            Constructor<?> constructor = loader.loadClass(type).getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException failed) {
            throw new LinkageError("cannot make a " + type + " in a changed library", failed);
        }
    }
}
