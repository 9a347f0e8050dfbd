package io.insula.agent.rules;

import java.lang.classfile.Attributes;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Signature;
import java.lang.classfile.Signature.ArrayTypeSig;
import java.lang.classfile.Signature.BaseTypeSig;
import java.lang.classfile.Signature.ClassTypeSig;
import java.lang.classfile.Signature.TypeArg;
import java.lang.classfile.Signature.TypeVarSig;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whether a field, and what it holds, can ever change. All classes of the plugin are known, so a type is as good
 * as all that extend it. Used by one thread.
 */
final class UnchangeableTypes {
    /** Types whose objects cannot change, or that hold nothing of anybody. */
    private static final Set<String> KNOWN = Set.of("java.lang.Boolean", "java.lang.Byte", "java.lang.Character",
            "java.lang.Class", "java.lang.Double", "java.lang.Float", "java.lang.Integer", "java.lang.Long",
            "java.lang.Short", "java.lang.String", "java.lang.Void", "java.math.BigDecimal", "java.math.BigInteger",
            "java.math.MathContext", "java.math.RoundingMode", "java.net.URI", "java.net.http.HttpClient",
            "java.nio.ByteOrder", "java.nio.charset.Charset", "java.nio.file.Path", "java.security.SecureRandom",
            "java.text.Normalizer$Form", "java.util.Base64$Decoder", "java.util.Base64$Encoder", "java.util.Currency",
            "java.util.HexFormat", "java.util.Locale", "java.util.OptionalDouble", "java.util.OptionalInt",
            "java.util.OptionalLong", "java.util.UUID", "java.util.concurrent.TimeUnit", "java.util.regex.Pattern",
            "org.slf4j.Logger", "io.insula.agent.Effect",
            "io.insula.agent.RunId", "io.insula.agent.ThreadId", "io.insula.agent.UserId");

    /** Packages of which every class is such. */
    private static final List<String> KNOWN_PACKAGES = List.of("java.time.", "java.time.chrono.", "java.time.format.",
            "java.time.temporal.", "java.time.zone.");

    /** Types that are as unchangeable as what they hold. */
    private static final Set<String> HOLDERS = Set.of("java.util.Optional");

    private static final Set<String> COLLECTIONS = Set.of("java.util.Collection", "java.util.List", "java.util.Map",
            "java.util.SequencedCollection", "java.util.SequencedMap", "java.util.SequencedSet", "java.util.Set",
            "java.util.SortedMap", "java.util.SortedSet");

    /** What an object may extend and have nothing that changes from there. */
    static final Set<String> PLAIN_PARENTS = Set.of("java.lang.Object", "java.lang.Record", "java.lang.Enum");

    private final ClassIndex index;

    UnchangeableTypes(ClassIndex index) {
        this.index = index;
    }

    /** Why a field can change; nothing if it cannot. */
    Optional<String> whyChangeable(ScannedClass holder, FieldModel field) {
        return whyChangeable(holder, field, new HashSet<>());
    }

    private Optional<String> whyChangeable(ScannedClass holder, FieldModel field, Set<String> underWay) {
        if (!field.flags().has(AccessFlag.FINAL)) {
            return Optional.of("is not final");
        }
        return switch (typeOf(field)) {
            case BaseTypeSig primitive -> Optional.empty();
            case ArrayTypeSig array -> Optional.of("is an array, which whoever reaches it can write to");
            case TypeVarSig variable -> Optional.of("is of a type that is left open");
            case ClassTypeSig type -> {
                var name = nameOf(type);
                if (COLLECTIONS.contains(name)) {
                    yield isCopied(holder, field) ? whyElementsChangeable(holder, field, type, underWay)
                            : Optional.of("is a collection that no of(...), copyOf(...) or toList() made");
                }
                if (isFunction(name)) {
                    yield arePlainFunctions(holder, field, underWay) ? Optional.empty()
                            : Optional.of("is a function that may hold something");
                }
                yield whyTypeChangeable(holder, field, type, underWay);
            }
        };
    }

    private static Signature typeOf(FieldModel field) {
        return field.findAttribute(Attributes.signature()).map(attribute -> attribute.asTypeSignature())
                .orElseGet(() -> Signature.of(field.fieldTypeSymbol()));
    }

    private static String nameOf(ClassTypeSig type) {
        var outer = type.outerType();
        return outer.isPresent() ? nameOf(outer.get()) + "$" + type.className() : type.className().replace('/', '.');
    }

    /** Whether it is a type of the JDK's whose objects hold what somebody else's code holds, and so say nothing. */
    static boolean isFunction(String name) {
        return name.startsWith("java.util.function.") || name.equals("java.util.Comparator")
                || name.equals("java.util.stream.Collector");
    }

    private boolean arePlainFunctions(ScannedClass holder, FieldModel field, Set<String> underWay) {
        return new FunctionSources(index, held -> isUnchangeableCapture(held, underWay)).arePlain(holder, field);
    }

    private static boolean isCopied(ScannedClass holder, FieldModel field) {
        if (WrittenValues.areUnchangeableCollections(holder, field)) {
            return true;
        }
        // A constructor may copy into its parameter first, as that of a record does.
        var collections = holder.model().fields().stream().filter(each -> !ScannedClass.isStatic(each)
                && typeOf(each) instanceof ClassTypeSig type && COLLECTIONS.contains(nameOf(type))).count();
        return !ScannedClass.isStatic(field) && WrittenValues.copiesInConstructors(holder) >= collections;
    }

    private Optional<String> whyElementsChangeable(ScannedClass holder, FieldModel field, ClassTypeSig collection,
            Set<String> underWay) {
        for (var argument : collection.typeArgs()) {
            if (!(argument instanceof TypeArg.Bounded bounded)) {
                return Optional.of("holds anything at all");
            }
            var why = switch (bounded.boundType()) {
                case ArrayTypeSig array -> Optional.of("holds arrays, which whoever reaches them can write to");
                case TypeVarSig variable -> Optional.of("holds what is of a type that is left open");
                case ClassTypeSig type when isFunction(nameOf(type)) -> arePlainFunctions(holder, field, underWay)
                        ? Optional.<String>empty()
                        : Optional.of("holds functions that may hold something");
                case ClassTypeSig type when COLLECTIONS.contains(nameOf(type)) -> ScannedClass.isStatic(field)
                        && !WrittenValues.areInnerCollectionsUnchangeable(holder, field)
                                ? Optional.of("holds collections that may change")
                                : whyElementsChangeable(holder, field, type, underWay);
                case ClassTypeSig type -> whyTypeChangeable(holder, field, type, underWay);
            };
            if (why.isPresent()) {
                return why;
            }
        }
        return collection.typeArgs().isEmpty() ? Optional.of("holds anything at all") : Optional.empty();
    }

    private Optional<String> whyTypeChangeable(ScannedClass holder, FieldModel field, ClassTypeSig type,
            Set<String> underWay) {
        var name = nameOf(type);
        if (HOLDERS.contains(name)) {
            return whyElementsChangeable(holder, field, type, underWay);
        }
        return isUnchangeable(name, underWay) ? Optional.empty()
                : Optional.of("holds a " + name + ", which is not known to be unchangeable");
    }

    /** Whether a type outside of the plugin is known to be unchangeable by itself. */
    static boolean isKnown(String name) {
        return KNOWN.contains(name) || KNOWN_PACKAGES.contains(name.substring(0, name.lastIndexOf('.') + 1));
    }

    /** Whether it is such a type, a function, or holds no more than is looked at in another place. */
    static boolean isHarmless(String name) {
        return isKnown(name) || isFunction(name) || HOLDERS.contains(name);
    }

    private boolean isUnchangeable(String name, Set<String> underWay) {
        if (!index.holds(name) && !isKnown(name)) {
            return false;
        }
        if (!underWay.add(name)) {
            return true; // asked about already, further up
        }
        // What the plugin itself makes of a type counts, also where the type alone could not change.
        return index.named(name).stream().allMatch(each -> isUnchangeable(each, underWay))
                && index.childrenOf(name).stream().allMatch(each -> isUnchangeable(each.name(), underWay))
                && index.capturedBy(name).stream().allMatch(each -> isUnchangeableCapture(each, underWay));
    }

    private boolean isUnchangeableCapture(ClassDesc type, Set<String> underWay) {
        return type.isPrimitive() || (type.isClassOrInterface()
                && isUnchangeable(ScannedClass.nameOf(type), underWay));
    }

    private boolean isUnchangeable(ScannedClass each, Set<String> underWay) {
        // The constants of an enum are static fields, and looked at as those.
        if (each.isInterface() || each.model().flags().has(AccessFlag.ENUM)) {
            return true;
        }
        var parentsAre = each.model().superclass().map(ScannedClass::nameOf)
                .map(parent -> PLAIN_PARENTS.contains(parent) || isUnchangeable(parent, underWay)).orElse(true);
        return parentsAre && each.model().fields().stream().filter(field -> !ScannedClass.isStatic(field))
                .allMatch(field -> whyChangeable(each, field, underWay).isEmpty());
    }
}
