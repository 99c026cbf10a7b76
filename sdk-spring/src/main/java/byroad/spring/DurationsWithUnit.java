package byroad.spring;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** Refuses a duration without a unit: Boot takes it for milliseconds, and a deadline of 30 is probably 30 seconds. */
final class DurationsWithUnit extends AbstractBindHandler {
    private static final Pattern NUMBER = Pattern.compile("\\s*-?\\d+\\s*");

    DurationsWithUnit(BindHandler parent) {
        super(parent);
    }

    @Override
    public @Nullable Object onSuccess(
            ConfigurationPropertyName name, Bindable<?> target, BindContext context, Object result) {
        ConfigurationProperty property = context.getConfigurationProperty();
        if (result instanceof Duration && property != null) {
            String value = String.valueOf(property.getValue());
            if (NUMBER.matcher(value).matches()) {
                throw new ByroadPropertyException(
                        name.toString(),
                        value,
                        "no unit (expected: \"" + value.trim() + "s\" or \"" + value.trim() + "ms\")");
            }
        }
        return super.onSuccess(name, target, context, result);
    }
}
